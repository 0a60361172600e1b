import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { runningBrokers } from '../../../src/brokers/index.ts';
import type { Consumer } from '../../../src/drivers/index.ts';
import { resolveTargets } from '../../../src/targets/index.ts';
import { Bench, keysNamed, sendNumbered } from '../contract/bench.ts';
import { Deliveries, outOfOrder } from '../contract/deliveries.ts';
import { Load } from '../contract/load.ts';
import { liveTarget } from '../fixtures/live-target.ts';
import { restart } from '../fixtures/running.ts';
import type { DyingConsumer } from './dying-consumer.ts';

/** What the contract suite does not ask of a stream: it flushes nothing, keeps what was read, stores offsets itself. */
const BROKER = 'rabbitmq';
const TARGET = 'rabbitmq-stream';
const TOO_LARGE_BYTES = 128 * 1024 * 1024 + 1;
const keys = keysNamed('key', 10);
const TIMEOUT_MS = 90_000;

test(
  'given leader-acked and sends that go on, when the broker is killed and restarted, then each outcome holds',
  { timeout: TIMEOUT_MS },
  async (t) => {
    const target = await liveTarget(t, TARGET, TOO_LARGE_BYTES);
    if (target === undefined) return;
    await using bench = await Bench.open(target);
    const deliveries = new Deliveries();
    await bench.consumer(deliveries);
    const load = new Load(await bench.producer());
    await load.goOn(() => load.of('acknowledged').length >= 300);
    const startMs = performance.now();
    await load.goOnDuring(restart(BROKER));
    const restartedMs = performance.now();
    const before = load.of('acknowledged').length;
    await load.goOn(() => load.of('acknowledged').length >= before + 300);
    const goesOnMs = performance.now();
    await load.settled();

    await load.assertOutcomesHold(deliveries);
    assert.equal(outOfOrder(deliveries.texts), undefined);
    const again = deliveries.messages.length - deliveries.distinct.size;
    const marked = deliveries.messages.filter(({ redelivered }) => redelivered).length;
    assert.equal(marked, again, 'the same consumer knows what it has had');
    t.diagnostic(
      `${load.of('acknowledged').length} acknowledged, ${again} delivered again; restart ${Math.round(restartedMs - startMs)} ms, then ${Math.round(goesOnMs - restartedMs)} ms`,
    );
    for (const [reason, count] of load.reasons) t.diagnostic(`${count} × ${reason}`);
  },
);

test(
  'given a consumer that dies without a goodbye, when a successor goes on, then none is lost and little is delivered again',
  { timeout: TIMEOUT_MS },
  async (t) => {
    const target = await liveTarget(t, TARGET, TOO_LARGE_BYTES);
    if (target === undefined) return;
    await using bench = await Bench.open(target);
    const producer = await bench.producer();
    await sendNumbered(producer, keys, { to: 100 });
    const workerData: DyingConsumer = { config: await configOf(), subscription: bench.subscription() };
    const worker = new Worker(new URL('./dying-consumer.ts', import.meta.url), { workerData });
    const settled = new Set<string>();
    await new Promise<void>((resolve, reject) => {
      worker.once('error', reject);
      worker.on('message', (text: string) => {
        settled.add(text);
        if (settled.size === 1000) resolve();
      });
    });
    // its offsets are stored
    while ((await bench.driver.backlog(bench.subscription())) !== 0) await sleep(50);
    await sendNumbered(producer, keys, { from: 100, to: 110 });
    while (settled.size < 1100) await once(worker, 'message');
    await worker.terminate();
    await sendNumbered(producer, keys, { from: 110, to: 120 });
    const successor = new Deliveries();
    await bench.consumer(successor);
    await successor.until('all that is new', () => keys.every((key) => successor.distinct.has(`${key}:119`)));

    const all = new Set([...settled, ...successor.distinct]);
    assert.equal(all.size, 1200);
    const again = successor.texts.filter((text) => settled.has(text));
    assert.ok(again.length <= 100, `${again.length} were settled before`);
    assert.equal(outOfOrder(successor.texts), undefined);
    assert.equal(
      successor.messages.filter(({ redelivered }) => redelivered).length,
      0,
      'unmarked, as it says',
    );
    t.diagnostic(`${again.length} delivered again, unmarked`);
  },
);

test(
  'given consumers that come and go under load, then each message is delivered once, keys in order',
  { timeout: TIMEOUT_MS },
  async (t) => {
    const target = await liveTarget(t, TARGET, TOO_LARGE_BYTES);
    if (target === undefined) return;
    await using bench = await Bench.open(target);
    const all = new Deliveries();
    const first = await bench.consumer(all, { window: 50 });
    const load = new Load(await bench.producer());
    const some = (more: number): (() => boolean) => {
      const before = all.messages.length;
      return () => all.messages.length >= before + more;
    };
    await load.goOn(some(300));
    const coming = bench.consumer(all, { window: 50 });
    await load.goOnDuring(coming.then(() => undefined));
    await load.goOn(some(300));
    await load.goOnDuring(first.close());
    await load.goOn(some(300));
    await load.settled();
    await all.reach(load.of('acknowledged').length);
    assert.equal(all.messages.length, load.of('acknowledged').length, 'each once');
    assert.equal(outOfOrder(all.texts), undefined);
  },
);

test(
  'given a stream that one subscription has read, when another is added, then it reads the same stream from the beginning',
  { timeout: TIMEOUT_MS },
  async (t) => {
    const target = await liveTarget(t, TARGET, TOO_LARGE_BYTES);
    if (target === undefined) return;
    await using bench = await Bench.open(target);
    await sendNumbered(await bench.producer(), keys, { to: 20 });
    const a = new Deliveries();
    await (await read(bench, 'a', a, 200)).close();
    const topology = { topics: [{ name: bench.topic, partitions: 4, subscriptions: ['a', 'late'] }] };
    await bench.driver.createTopology(topology, 'leader-acked');
    const late = new Deliveries();
    await (await read(bench, 'late', late, 200)).close();
    assert.equal(late.messages.length, 200);
    assert.equal(outOfOrder(late.texts), undefined);
    assert.equal(await bench.driver.backlog(bench.subscription('a')), 0, 'what a has settled stays settled');
    const deleted = await bench.driver.deleteLeftovers(bench.topic);
    const streams = deleted.filter((name) => /\.\d+$/.test(name) && !name.includes('.offsets.'));
    assert.equal(streams.length, 4, `one stream a partition: ${streams.join(', ')}`);
  },
);

test(
  'given an idle consumer of another driver, then the backlog is exact within a second',
  { timeout: TIMEOUT_MS },
  async (t) => {
    const target = await liveTarget(t, TARGET, TOO_LARGE_BYTES);
    if (target === undefined) return;
    await using bench = await Bench.open(target);
    const never = new Promise<never>(() => undefined);
    const held = new Deliveries((text) => (text.endsWith(':19') ? never : 'done'));
    await bench.consumer(held);
    await sendNumbered(await bench.producer(), keys, { to: 20 });
    await held.reach(200);
    await sleep(1000);
    assert.equal(await bench.driver.backlog(bench.subscription()), keys.length, 'those that are not settled');
  },
);

async function read(
  bench: Bench,
  subscription: string,
  deliveries: Deliveries,
  count: number,
): Promise<Consumer> {
  const consumer = await bench.consumer(deliveries, { subscription });
  await deliveries.reach(count);
  return consumer;
}

async function configOf(): Promise<Readonly<Record<string, unknown>>> {
  const running = await runningBrokers();
  const [resolved] = resolveTargets([TARGET], { configured: [], configure: () => [], running });
  return { ...resolved?.config };
}
