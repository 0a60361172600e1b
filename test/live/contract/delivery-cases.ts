import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { Bench, keysNamed, sendNumbered } from './bench.ts';
import { Deliveries, outOfOrder } from './deliveries.ts';
import type { ContractCase } from './suite-target.ts';
import { NotApplicable } from './suite-target.ts';

const roundtrip: ContractCase = {
  name: 'roundtrip',
  title:
    'given a topic, when binary payloads are sent with and without a key, then each arrives byte for byte',
  async run(target) {
    await using bench = await Bench.open(target);
    const deliveries = new Deliveries();
    await bench.consumer(deliveries);
    const producer = await bench.producer();
    const allBytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const payloads = [
      allBytes,
      Buffer.of(0),
      Buffer.of(0xc3),
      randomBytes(64 * 1024),
      Buffer.from('ünïcode'),
    ];
    await Promise.all(
      payloads.map((payload, index) =>
        producer.send({ key: index % 2 === 0 ? undefined : 'kéy', payload: Buffer.from(payload) }),
      ),
    );
    await deliveries.until('all payloads', () => deliveries.messages.length >= payloads.length);
    const hex = (payload: Buffer): string => payload.toString('hex');
    assert.deepEqual(deliveries.messages.map(({ payload }) => hex(payload)).sort(), payloads.map(hex).sort());
    assert.ok(deliveries.messages.every(({ redelivered }) => !redelivered));
  },
};

const headers: ContractCase = {
  name: 'headers',
  title: 'given messages with headers and without, when they are sent, then each arrives with its own',
  async run(target) {
    await using bench = await Bench.open(target);
    const deliveries = new Deliveries();
    await bench.consumer(deliveries);
    const producer = await bench.producer();
    const sent = {
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      origin: 'käsé 5 %',
    };
    await Promise.all([
      producer.send({ key: 'key', payload: Buffer.from('with'), headers: sent }),
      producer.send({ key: 'key', payload: Buffer.from('without') }),
    ]);
    await deliveries.reach(2);
    const headersOf = (text: string): unknown =>
      deliveries.messages.find(({ payload }) => payload.toString() === text)?.headers;
    assert.deepEqual(pick(headersOf('with'), Object.keys(sent)), sent);
    assert.deepEqual(pick(headersOf('without'), Object.keys(sent)), {});
  },
};

/** Brokers add headers of their own. */
function pick(headers: unknown, names: readonly string[]): unknown {
  return Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => names.includes(name)));
}

const sentAgain: ContractCase = {
  name: 'sent again',
  title:
    'given a message that is sent again with its id, also by another producer, then it is delivered once',
  async run(target) {
    if (target.capabilities.deduplication !== 'by id') throw new NotApplicable('it knows no ids');
    await using bench = await Bench.open(target);
    const deliveries = new Deliveries();
    await bench.consumer(deliveries);
    const message = { key: 'key', payload: Buffer.from('once'), id: 'order-1' };
    const producer = await bench.producer();
    await producer.send(message);
    await producer.send(message);
    await (await bench.producer()).send(message);
    await producer.send({ key: 'key', payload: Buffer.from('after'), id: 'order-2' });
    await deliveries.reach(2);
    assert.deepEqual([...deliveries.texts].sort(), ['after', 'once']);
  },
};

const order: ContractCase = {
  name: 'order per key',
  title:
    'given eight partitions and one consumer, when batches of many keys are under way, then each key is in order',
  async run(target) {
    if (target.capabilities.ordering === 'none') throw new NotApplicable('it promises no order');
    await using bench = await Bench.open(target, { partitions: 8 });
    const deliveries = new Deliveries();
    await bench.consumer(deliveries);
    const producer = await bench.producer({ maxBatchMessages: 50 });
    await sendNumbered(producer, keysNamed('key', 40), { to: 100 });
    await deliveries.reach(4000);
    assert.equal(outOfOrder(deliveries.texts), undefined);
    assert.equal(deliveries.messages.length, 4000, 'each once');
  },
};

const competing: ContractCase = {
  name: 'competing consumers',
  title:
    'given two consumers of a subscription, when messages are sent, then each goes to one of them, keys in order',
  async run(target) {
    await using bench = await Bench.open(target, { partitions: 8 });
    const [first, second] = [new Deliveries(), new Deliveries()];
    await bench.consumer(first);
    await bench.consumer(second);
    const producer = await bench.producer();
    await sendNumbered(producer, keysNamed('key', 40), { to: 50 });
    const all = (): number => first.messages.length + second.messages.length;
    await Promise.race([first, second].map((each) => each.until('2000 messages', () => all() >= 2000)));
    assert.equal(new Set([...first.distinct, ...second.distinct]).size, 2000, 'every message');
    assert.equal(all(), 2000, 'each once');
    assert.ok(first.messages.length > 0 && second.messages.length > 0, 'both have a share');
    if (target.capabilities.ordering !== 'none') {
      assert.equal(outOfOrder(first.texts), undefined);
      assert.equal(outOfOrder(second.texts), undefined);
    }
  },
};

const fanOut: ContractCase = {
  name: 'fan-out',
  title: 'given two subscriptions, when messages are sent, then each subscription gets all of them',
  async run(target) {
    if (target.capabilities.fanOut === 'none') throw new NotApplicable('it has no fan-out');
    await using bench = await Bench.open(target, { subscriptions: ['a', 'b'] });
    const [a, b] = [new Deliveries(), new Deliveries()];
    await bench.consumer(a, { subscription: 'a' });
    await bench.consumer(b, { subscription: 'b' });
    await sendNumbered(await bench.producer(), keysNamed('key', 10), { to: 20 });
    await Promise.all([a.reach(200), b.reach(200)]);
    assert.equal(a.messages.length + b.messages.length, 400);
  },
};

const early: ContractCase = {
  name: 'sent before',
  title: 'given messages sent before any consumer, when one attaches, then it gets them all',
  async run(target) {
    await using bench = await Bench.open(target);
    await sendNumbered(await bench.producer(), keysNamed('key', 10), { to: 20 });
    const deliveries = new Deliveries();
    await bench.consumer(deliveries);
    await deliveries.reach(200);
    assert.equal(deliveries.messages.length, 200);
  },
};

const window: ContractCase = {
  name: 'window',
  title: 'given a window of 7 and slow handlers, when messages pile up, then 7 are under way and never more',
  async run(target) {
    const partitions = 4;
    await using bench = await Bench.open(target, { partitions });
    await sendNumbered(await bench.producer(), keysNamed('key', 20), { to: 20 });
    let underWay = 0;
    let most = 0;
    const deliveries = new Deliveries(async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await turn();
      await sleep(1);
      underWay -= 1;
      return 'done' as const;
    });
    await bench.consumer(deliveries, { window: 7 });
    await deliveries.reach(400);
    assert.equal(most, target.capabilities.inFlight === undefined ? 7 : Math.min(7, partitions));
  },
};

const pauseResume: ContractCase = {
  name: 'pause and resume',
  title: 'given a paused consumer, when messages are sent, then it gets them after it resumes, each once',
  alone: 'it takes silence for an answer',
  async run(target) {
    await using bench = await Bench.open(target);
    const producer = await bench.producer();
    const deliveries = new Deliveries();
    const consumer = await bench.consumer(deliveries, { window: 10 });
    const keys = keysNamed('key', 10);
    await sendNumbered(producer, keys, { to: 10 });
    await deliveries.reach(100);
    await consumer.pause();
    await sendNumbered(producer, keys, { from: 10, to: 60 });
    // that nothing comes is no event: a tenth of a second is a hundred times a delivery
    await sleep(100);
    assert.ok(deliveries.messages.length <= 110, `${deliveries.messages.length} delivered; a window is 10`);
    await consumer.resume();
    await deliveries.reach(600);
    assert.equal(deliveries.messages.length, 600);
  },
};

const largeMessage: ContractCase = {
  name: 'large message',
  title:
    'given a message of 512 KiB and one beyond the maximum, when both are sent, then one arrives and one is refused',
  async run(target) {
    await using bench = await Bench.open(target);
    const deliveries = new Deliveries();
    await bench.consumer(deliveries);
    const producer = await bench.producer();
    const large = randomBytes(512 * 1024);
    const [small, refused, fits] = await Promise.allSettled([
      producer.send({ key: 'a', payload: Buffer.from('small') }),
      producer.send({ key: 'a', payload: Buffer.alloc(target.tooLargeBytes) }),
      producer.send({ key: 'a', payload: large }),
    ]);
    assert.equal(small.status, 'fulfilled', 'its neighbour in the batch is not concerned');
    assert.equal(fits.status, 'fulfilled', '512 KiB is taken');
    assert.equal(refused.status === 'rejected' && outcomeOf(refused.reason), 'refused');
    await producer.send({ key: 'a', payload: Buffer.from('after') });
    await deliveries.until('three messages', () => deliveries.messages.length >= 3);
    assert.ok(deliveries.messages.some(({ payload }) => payload.equals(large)));
    assert.equal(deliveries.messages.length, 3);
  },
};

function outcomeOf(reason: unknown): unknown {
  return reason instanceof Error && 'outcome' in reason ? reason.outcome : reason;
}

const fireAndForget: ContractCase = {
  name: 'fire and forget',
  title: 'given fire-and-forget, when nothing fails, then every message arrives once',
  async run(target) {
    await using bench = await Bench.open(target, { contract: 'fire-and-forget' });
    const deliveries = new Deliveries();
    const consumer = await bench.consumer(deliveries);
    const producer = await bench.producer();
    await sendNumbered(producer, keysNamed('key', 20), { to: 50 });
    await deliveries.reach(1000);
    await consumer.close();
    assert.equal(deliveries.messages.length, 1000);
  },
};

export const deliveryCases: readonly ContractCase[] = [
  roundtrip,
  headers,
  sentAgain,
  order,
  competing,
  fanOut,
  early,
  window,
  pauseResume,
  largeMessage,
  fireAndForget,
];
