import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { killNode, restartNode, runningBrokers, startBroker } from '../../src/brokers/index.ts';
import { libraryDirectory } from '../../src/brokers/home.ts';
import { rabbitmqDriver } from '../../src/drivers/rabbitmq/index.ts';
import type { TrialResult } from '../../src/result/index.ts';
import { resolveTargets } from '../../src/targets/index.ts';
import { TemporaryHome } from '../brokers/fixtures/temporary-home.ts';
import { Run } from './fixtures/run.ts';

/** What replicated contracts are worth: a node of three is killed in the middle of a run. */
const CONTRACT = 'replicated-fsynced-acked';
const RATE_PER_SECOND = 250;
const SECONDS = 30;
const UNDISTURBED_MS = 3000;

// fetched once, not for each home
process.env['MQBENCH_LIB'] = libraryDirectory();

const clusters = [
  // a hard kill is noticed after broker.session.timeout.ms, 9 s by default
  { broker: 'kafka', targets: ['kafka', 'kafka-kafkajs'] },
  { broker: 'rabbitmq', targets: ['rabbitmq'] },
] as const;

for (const { broker, targets } of clusters) {
  test(`given three nodes of ${broker}, when one is killed in the middle of a run, then nothing acknowledged is lost and the run goes on`, async (t) => {
    if (!isWanted(t)) return;
    await using home = await TemporaryHome.create();
    const { signal } = new AbortController();
    await startBroker(broker, { nodes: 3, portOffset: home.portOffset, signal, onProgress: () => undefined });
    const runs: Run[] = [];
    for (const target of targets) {
      runs.push(
        await Run.start({
          target,
          contract: CONTRACT,
          ratePerSecond: RATE_PER_SECOND,
          seconds: SECONDS,
          flags: ['--strict-contract'],
        }),
      );
    }
    try {
      await Promise.all(runs.map((run) => run.underLoad()));
      await sleep(UNDISTURBED_MS);
      // RabbitMQ's leaders and connections are all on the first node
      await killNode(broker, 1);
      const trials = await Promise.all(runs.map(async (run) => (await run.ended()).trial));
      for (const trial of trials) assertNothingLost(trial, t);
      await restartNode(broker, 1, signal);
    } finally {
      for (const run of runs) await run[Symbol.asyncDispose]();
    }
  });
}

test('given three nodes of rabbitmq, when only one is left, then a backlog that nobody knows is not said to be 0', async (t) => {
  if (!isWanted(t)) return;
  await using home = await TemporaryHome.create();
  const { signal } = new AbortController();
  await startBroker('rabbitmq', {
    nodes: 3,
    portOffset: home.portOffset,
    signal,
    onProgress: () => undefined,
  });
  const sources = { configured: [], configure: () => [], running: await runningBrokers() };
  const config = rabbitmqDriver.configSchema.parse(resolveTargets(['rabbitmq'], sources)[0]?.config);
  const topic = 'mqbench.cluster-leaderless';
  const subscription = { topic, name: 'main' };
  await using driver = await rabbitmqDriver.connect(config, signal);
  await driver.createTopology(
    { topics: [{ name: topic, partitions: 1, subscriptions: ['main'] }] },
    CONTRACT,
  );
  const batching = { lingerMs: 0, maxBatchBytes: 16_384, maxBatchMessages: 1 };
  const producer = await driver.openProducer(topic, { contract: CONTRACT, batching, onThrottled: () => {} });
  for (let each = 0; each < 10; each++) await producer.send({ key: `${each}`, payload: Buffer.from('x') });
  assert.equal(await driver.backlog(subscription), 10);

  await killNode('rabbitmq', 1);
  await killNode('rabbitmq', 2);

  for (let look = 0; look < 5; look++) {
    const backlog = await driver.backlog(subscription);
    // the last node may have been the leader, and knows what it had
    assert.ok(backlog === undefined || backlog === 10, `${backlog}`);
    await sleep(1000);
  }
});

function assertNothingLost(
  { target, contract, server, ledger, intervals }: TrialResult,
  t: TestContext,
): void {
  t.diagnostic(`${target}: ${JSON.stringify({ ...ledger, subscriptions: undefined, examples: undefined })}`);
  assert.deepEqual([contract.effective, contract.relation], [CONTRACT, 'exact']);
  assert.deepEqual([server.nodes, server.oneHost], [3, true]);
  assert.equal(ledger.attempted, ledger.acknowledged + ledger.failed + ledger.unknown);
  assert.deepEqual([ledger.lost, ledger.phantom, ledger.corrupt, ledger.outOfOrder], [0, 0, 0, 0]);
  assert.equal(ledger.acknowledged, ledger.delivered);
  // what was sent while nobody led, and what was under way when the node died
  assert.ok(ledger.acknowledged > ledger.attempted / 2, `${ledger.acknowledged} acknowledged`);
  const rates = intervals.filter(({ second }) => second >= SECONDS - 3 && second < SECONDS);
  assert.ok(
    rates.every(({ delivered }) => delivered > RATE_PER_SECOND / 2),
    `${target} goes on with two nodes: ${rates.map(({ delivered }) => delivered).join(', ')}`,
  );
}

/** It starts what it needs, which takes minutes: only where live tests are asked for. */
function isWanted(t: TestContext): boolean {
  if (process.env['MQBENCH_LIVE'] === 'require') return true;
  t.skip('starts six servers; MQBENCH_LIVE=require runs it');
  return false;
}
