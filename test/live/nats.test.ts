import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bench, keysNamed, sendNumbered } from './contract/bench.ts';
import { Deliveries, outOfOrder } from './contract/deliveries.ts';
import { Load } from './contract/load.ts';
import { liveTarget } from './fixtures/live-target.ts';
import { restart } from './fixtures/running.ts';

/** What of the contract suite does not reach NATS as Debian has it, without fsync, or its target, without order. */
const BROKER = 'nats';
const TOO_LARGE_BYTES = 1024 * 1024 + 1;

test('given leader-acked and sends that go on, when NATS is killed and restarted, then each outcome holds', async (t) => {
  const target = await liveTarget(t, BROKER, TOO_LARGE_BYTES);
  if (target === undefined) return;
  await using bench = await Bench.open(target);
  const deliveries = new Deliveries();
  await bench.consumer(deliveries);
  const load = new Load(await bench.producer());
  await load.goOn(() => load.of('acknowledged').length >= 300);
  await load.goOnDuring(restart(BROKER));
  const before = load.of('acknowledged').length;
  await load.goOn(() => load.of('acknowledged').length >= before + 300);
  await load.settled();

  await load.assertOutcomesHold(deliveries);
  const known = new Set([...load.of('acknowledged'), ...load.of('unknown')]);
  assert.deepEqual(
    [...deliveries.distinct].filter((text) => !known.has(text)),
    [],
  );
  const stored = load.of('unknown').filter((text) => deliveries.distinct.has(text)).length;
  const again = deliveries.messages.length - deliveries.distinct.size;
  const marked = deliveries.messages.filter(({ redelivered }) => redelivered).length;
  t.diagnostic(
    `${load.of('acknowledged').length} acknowledged, ${load.of('failed').length} failed, ${load.of('unknown').length} unknown (${stored} stored), ${again} delivered again, ${marked} marked`,
  );
});

test('given ordering: partition and two consumers, when handlers answer retry, then each key stays in order', async (t) => {
  const target = await liveTarget(t, BROKER, TOO_LARGE_BYTES, { ordering: 'partition' });
  if (target === undefined) return;
  await using bench = await Bench.open(target, { retry: { maxAttempts: 3, delayMs: 20 } });
  const isTried = new Set<string>();
  const done: string[] = [];
  const both = new Deliveries((text) => {
    if (text.endsWith('7') && !isTried.has(text)) {
      isTried.add(text);
      return 'retry';
    }
    done.push(text);
    return 'done';
  });
  await bench.consumer(both);
  await bench.consumer(both);
  await sendNumbered(await bench.producer(), keysNamed('key', 10), { to: 30 });
  await both.until('300 messages and 30 retries', () => both.messages.length >= 330);
  assert.equal(new Set(done).size, 300);
  assert.equal(isTried.size, 30);
  assert.equal(outOfOrder(done), undefined);
  assert.equal(both.messages.filter(({ redelivered }) => redelivered).length, 30);
});
