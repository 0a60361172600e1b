import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { runningBrokers } from '../../src/brokers/index.ts';
import { isListening } from '../../src/brokers/ports.ts';
import type { TrialResult } from '../../src/result/index.ts';
import { Run } from './fixtures/run.ts';
import { isTested } from './fixtures/running.ts';

/** What becomes of a run when the network between its broker and its clients is slow, or cut. */
const RATE_PER_SECOND = 200;
const SECONDS = 16;
const SLOWED_BY_MS = 200;
/** after a cut what had arrived before is still being handed over */
const SETTLED_SECONDS = 0.8;

/** a target, and the broker that `mqbench up` must have running for it */
const targets = [
  ['redis', 'redis'],
  ['nats', 'nats'],
  ['rabbitmq', 'rabbitmq'],
  ['kafka', 'kafka'],
  ['pulsar', 'pulsar'],
  ['sqs-elasticmq', 'elasticmq'],
] as const;

/** Each has a broker of its own, and little to do. */
describe('a network that fails', { concurrency: 3 }, () => {
  for (const [target, broker] of targets) {
    test(`given a network to ${target} that is slow, and then cut, then messages take longer both ways, none get through, and nothing acknowledged is lost`, async (t) => {
      if (!(await isTested(t, broker))) return;
      const { faults, ledger, intervals, verdict } = await trialOf(t, target);

      assert.deepEqual(
        faults.map(({ kind, delay }) => ({ kind, delay })),
        [
          { kind: 'slow', delay: { latencyMs: SLOWED_BY_MS, jitterMs: 0 } },
          { kind: 'cut', delay: null },
        ],
      );
      const [slow, cut] = faults;
      assert.ok(slow !== undefined && cut !== undefined);

      // what is due, or arrives, then has gone both ways while the network was slow
      const medians = within(intervals, slow, (2 * SLOWED_BY_MS) / 1000).map(
        ({ endToEndP50Us }) => (endToEndP50Us ?? 0) / 1000,
      );
      t.diagnostic(`medians while it is slow: ${medians.map((ms) => `${ms.toFixed(0)} ms`).join(', ')}`);
      assert.ok(medians.length > 0);
      // a histogram is exact to a thousandth
      for (const ms of medians) assert.ok(ms >= 2 * SLOWED_BY_MS * 0.99, `${ms} ms`);

      const silent = within(intervals, cut, SETTLED_SECONDS);
      assert.ok(silent.length > 0);
      for (const { acknowledged, delivered } of silent) assert.deepEqual([acknowledged, delivered], [0, 0]);
      assert.equal(ledger.attempted, ledger.acknowledged + ledger.failed + ledger.unknown);
      assert.deepEqual([ledger.lost, ledger.phantom, ledger.corrupt, ledger.backlog], [0, 0, 0, 0]);
      assert.equal(ledger.acknowledged, ledger.delivered);
      assert.notEqual(verdict, 'incorrect');
      const afterwards = intervals.filter(({ second }) => second >= SECONDS - 2 && second < SECONDS);
      assert.ok(
        afterwards.every(({ delivered }) => delivered > RATE_PER_SECOND / 2),
        `deliveries go on after it: ${afterwards.map(({ delivered }) => delivered).join(', ')}`,
      );
      await assertNoProxy(broker);
    });
  }
});

type Intervals = TrialResult['intervals'];

/** Those that lie in the time of a fault, and so far from its ends. */
function within(
  intervals: Intervals,
  { fromSeconds, toSeconds }: TrialResult['faults'][number],
  marginSeconds: number,
): Intervals {
  const [from, to] = [fromSeconds + marginSeconds, (toSeconds ?? NaN) - marginSeconds];
  return intervals.filter(({ second }) => second >= from && second + 1 <= to);
}

async function trialOf(t: TestContext, target: string): Promise<TrialResult> {
  await using run = await Run.start({
    target,
    contract: 'leader-acked',
    ratePerSecond: RATE_PER_SECOND,
    seconds: SECONDS,
    faults: `[{ at: 3s, do: slow, for: 3s, latency: ${SLOWED_BY_MS}ms }, { at: 8s, do: cut, for: 3s }]`,
  });
  const { trial } = await run.ended();
  t.diagnostic(JSON.stringify({ ...trial.ledger, subscriptions: undefined, examples: undefined }));
  return trial;
}

/** Of brokers that tell their clients where the proxy listens; elsewhere it listens at any port. */
async function assertNoProxy(broker: string): Promise<void> {
  const running = (await runningBrokers()).find(({ name }) => name === broker);
  const port = running?.nodes[0]?.ports['proxy'];
  if (port !== undefined) assert.equal(await isListening(port), false, `something listens at ${port} still`);
}
