import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pauseBroker, resumeBroker } from '../../src/brokers/index.ts';
import { LatencyHistogram } from '../../src/measure/index.ts';
import type { TrialResult } from '../../src/result/index.ts';
import { Run } from './fixtures/run.ts';
import { isTested, restart } from './fixtures/running.ts';

/** What becomes of a run when its broker is stopped or killed in the middle. */
const RATE_PER_SECOND = 1000;
const BROKER = 'rabbitmq';
const LATE_MS = 100;

test('given a broker stopped for 2 s, then the messages of that time are late by what they waited, and none is lost', async (t) => {
  if (!(await isTested(t, BROKER))) return;
  await using run = await start('leader-acked', BROKER, 12);
  await run.underLoad();
  const pausedAtMs = performance.now();
  await pauseBroker(BROKER);
  await sleep(2000);
  await resumeBroker(BROKER);
  const pausedSeconds = (performance.now() - pausedAtMs) / 1000;
  const { exitCode, trial } = await run.ended();

  const { ledger, intervals } = trial;
  assert.equal(exitCode, 0);
  assert.equal(ledger.attempted, ledger.acknowledged);
  assert.equal(ledger.delivered, ledger.attempted);
  assert.deepEqual([ledger.lost, ledger.duplicates, ledger.outOfOrder, ledger.corrupt], [0, 0, 0, 0]);
  const late = laterThan(trial, LATE_MS);
  const expected = RATE_PER_SECOND * (pausedSeconds - LATE_MS / 1000);
  assert.ok(
    late > expected * 0.95 && late < expected * 1.5,
    `${late} late, ${Math.round(expected)} expected`,
  );
  assert.ok((trial.measured.latency.endToEnd.maxUs ?? 0) > 1_900_000, 'the first waited for the whole pause');
  const fewest = Math.min(...intervals.slice(1, run.seconds - 1).map((each) => each.delivered));
  assert.ok(fewest < RATE_PER_SECOND / 2, `the gap is in the intervals: fewest in a second ${fewest}`);
  t.diagnostic(`${late} samples later than ${LATE_MS} ms, ${Math.round(expected)} expected`);
});

/** A stream flushes nothing, but what its process has written outlives the process. */
const killed = [
  ['rabbitmq', 'fsynced-acked'],
  ['rabbitmq-stream', 'leader-acked'],
] as const;

test('given runs on rabbitmq, when the broker is killed and restarted, then each goes on and every acknowledged message is accounted for', async (t) => {
  if (!(await isTested(t, BROKER))) return;
  await using opened = new AsyncDisposableStack();
  const runs: { readonly name: string; readonly run: Run }[] = [];
  for (const [target, contract] of killed) {
    const run = opened.use(await start(contract, target, 40));
    runs.push({ name: `${target} under ${contract}`, run });
  }
  await Promise.all(runs.map(({ run }) => run.underLoad()));
  // one kill for all, since each run waits for its end
  await restart(BROKER);
  for (const { name, run } of runs) await t.test(name, (each) => accountsForAll(each, run));
});

async function accountsForAll(t: TestContext, run: Run): Promise<void> {
  const { trial } = await run.ended();

  const { ledger, intervals } = trial;
  t.diagnostic(JSON.stringify({ ...ledger, subscriptions: undefined, examples: undefined }));
  assert.equal(ledger.attempted, ledger.acknowledged + ledger.failed + ledger.unknown);
  assert.ok(ledger.failed + ledger.unknown > 0, 'an outage has outcomes that are not acknowledgements');
  assert.equal(ledger.acknowledged, ledger.delivered + ledger.backlog + ledger.lost);
  assert.deepEqual([ledger.lost, ledger.phantom, ledger.corrupt], [0, 0, 0]);
  const afterwards = intervals.filter(({ second }) => second >= run.seconds - 3 && second < run.seconds);
  assert.ok(
    afterwards.every(({ delivered }) => delivered > RATE_PER_SECOND / 2),
    `deliveries go on after it: ${afterwards.map(({ delivered }) => delivered).join(', ')}`,
  );
}

function start(contract: string, target: string, seconds: number): Promise<Run> {
  return Run.start({ target, contract, ratePerSecond: RATE_PER_SECOND, seconds });
}

function laterThan(trial: TrialResult, ms: number): number {
  return LatencyHistogram.decode(trial.measured.latency.endToEnd).countAbove(ms * 1000);
}
