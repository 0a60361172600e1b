import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../../src/user-error.ts';
import { Deliveries } from '../contract/deliveries.ts';
import { Alarm } from './alarm.ts';
import { CommandRun } from './command-run.ts';
import { RunningRabbitmq } from './running-rabbitmq.ts';

/** What becomes of a run when the broker is low on memory or disk, and blocks those who publish. */
const PATIENCE = { timeout: 120_000 };

const batching = { lingerMs: 0, maxBatchBytes: 1024 * 1024, maxBatchMessages: 1000 };

function scenario(seconds: number): string {
  return `title: An alarm
question: What becomes of a run whose broker is low on memory?
workload: stream
contract: leader-acked
messages: { size: 1KiB, keys: { count: 100, distribution: uniform } }
load:
  arrivals: uniform
  phases:
    - { name: steady, rate: 100/s, for: ${seconds}s }
drain: { timeout: 3s }
`;
}

function topicSpec() {
  const name = `mqbench.alarms-${randomBytes(3).toString('hex')}.topic`;
  return { name, partitions: 2, subscriptions: ['a'] };
}

test(
  'given an alarm within a run that is lifted again, then it is broker-throttled for that time, and nothing is lost',
  PATIENCE,
  async (t) => {
    const rabbitmq = await RunningRabbitmq.find(t);
    if (rabbitmq === undefined) return;
    await using alarm = await Alarm.arm(rabbitmq, 'memory');
    await using run = await CommandRun.start(scenario(8));
    await run.inPhase('steady');
    const raisedMs = performance.now();
    await alarm.raise();
    await sleep(2000);
    await alarm.lift();
    const wholeSeconds = (performance.now() - raisedMs) / 1000;

    const { verdict, ledger, resources, warnings } = await run.trial();
    t.diagnostic(`${verdict}: ${warnings.join('; ')}`);
    assert.equal(verdict, 'broker-throttled');
    assert.match(warnings.join('\n'), /^the broker blocked producers for [\d.]+ s of 8 s: low on memory$/m);
    const throttled = resources.client.find(({ agent }) => agent === 'producers')?.throttled;
    assert.ok(throttled !== null && throttled !== undefined);
    // an agent hears of it when its thread has its turn
    assert.ok(throttled.seconds > 1.5 && throttled.seconds < wholeSeconds + 0.5, `${throttled.seconds}`);
    assert.deepEqual([ledger.attempted, ledger.acknowledged, ledger.delivered], [800, 800, 800]);
    assert.deepEqual([ledger.lost, ledger.duplicates, ledger.outOfOrder, ledger.corrupt], [0, 0, 0, 0]);
    assert.equal(await run.exitCode(), 0, 'it is a finding about the broker, and no check asked for more');
  },
);

test(
  'given an alarm that stays on, then the run ends in bounded time; and the next one does not begin, and says why',
  PATIENCE,
  async (t) => {
    const rabbitmq = await RunningRabbitmq.find(t);
    if (rabbitmq === undefined) return;
    await using alarm = await Alarm.arm(rabbitmq, 'memory');
    await using run = await CommandRun.start(scenario(6));
    await run.inPhase('steady');
    await alarm.raise();
    const raisedMs = performance.now();
    const { verdict, ledger, warnings, unsent } = await run.trial();
    const seconds = (performance.now() - raisedMs) / 1000;
    t.diagnostic(`${verdict} after ${seconds.toFixed(1)} s: ${warnings.join('; ')}`);
    assert.equal(verdict, 'broker-throttled');
    assert.match(warnings.join('\n'), /, beyond the load of 6 s: low on memory$/m);
    // the load, the drain's time-out, 5 s for what is under way, and closing
    assert.ok(seconds < 30, `${seconds} s`);
    assert.ok(ledger.unknown + unsent > 0, 'what the broker did not take is told');
    assert.equal(ledger.attempted, ledger.acknowledged + ledger.unknown);
    assert.deepEqual([ledger.lost, ledger.phantom, ledger.failed], [0, 0, 0]);
    assert.equal(await run.exitCode(), 0);

    await using next = await CommandRun.start(scenario(6));
    await using driver = await rabbitmq.connect();
    const topic = topicSpec();
    await assert.rejects(driver.createTopology({ topics: [topic] }, 'leader-acked'), (error: Error) => {
      assert.ok(error instanceof UserError);
      assert.deepEqual([error.code, error.exitCode], ['driver.blocked', 3]);
      assert.match(error.message, /^RabbitMQ at [\d.:]+ blocks producers: low on memory$/);
      return true;
    });
    await driver.deleteTopology();
    assert.deepEqual(await driver.deleteLeftovers(topic.name), []);
    assert.equal(await next.exitCode(), 3);
    assert.match(next.stderr, /^error: rabbitmq: RabbitMQ at [\d.:]+ blocks producers: low on memory$/m);
    assert.match(next.stderr, /rabbitmqctl set_vm_memory_high_watermark/);
  },
);

test(
  'given a disk alarm, then a producer is told, a consumer goes on, and a send is settled when it is lifted',
  PATIENCE,
  async (t) => {
    const rabbitmq = await RunningRabbitmq.find(t);
    if (rabbitmq === undefined) return;
    await using driver = await rabbitmq.connect();
    const topic = topicSpec();
    await driver.createTopology({ topics: [topic] }, 'leader-acked');
    try {
      const told: (string | undefined)[] = [];
      const producer = await driver.openProducer(topic.name, {
        contract: 'leader-acked',
        batching,
        onThrottled: (reason) => told.push(reason),
      });
      const send = (text: string) => producer.send({ key: text, payload: Buffer.from(text) });
      for (let message = 0; message < 50; message++) await send(`before ${message}`);
      let settled = false;
      const deliveries = new Deliveries();
      await using alarm = await Alarm.arm(rabbitmq, 'disk');
      await alarm.raise();
      const late = send('during').then(() => {
        settled = true;
      });
      const consumer = await driver.openConsumer(
        { topic: topic.name, name: 'a' },
        { contract: 'leader-acked', window: 10, onLost: deliveries.onLost },
        deliveries.handler,
      );
      await deliveries.until('what was stored before', () => deliveries.distinct.size === 50);
      await consumer.close();
      assert.equal(await driver.backlog({ topic: topic.name, name: 'a' }), 0, 'all of it is settled');
      assert.deepEqual(told, ['low on disk']);
      assert.equal(settled, false);
      await alarm.lift();
      await late;
      assert.deepEqual(told, ['low on disk', undefined]);
      assert.equal(deliveries.distinct.size, 50);
      await producer.close();
    } finally {
      await driver.deleteTopology();
    }
  },
);
