import assert from 'node:assert/strict';
import type { Producer, Settlement } from '../../../src/drivers/index.ts';
import { Bench, keysNamed, sendNumbered } from './bench.ts';
import { Deliveries, numbered } from './deliveries.ts';
import { NotApplicable, requireManyInFlight } from './suite-target.ts';
import type { ContractCase, SuiteTarget } from './suite-target.ts';

const keys = keysNamed('key', 10);

/**
 * A hundred messages that can all be unsettled at once. Where order is per key, as on a FIFO queue of SQS, the
 * next of a key may wait until the one before is settled: there each has a key of its own.
 * @returns their texts, in the order in which they were sent
 */
async function sendHundred(producer: Producer, { capabilities }: SuiteTarget): Promise<readonly string[]> {
  const [names, to] = capabilities.ordering === 'key' ? [keysNamed('key', 100), 1] : [keys, 10];
  await sendNumbered(producer, names, { to });
  return Array.from({ length: to }, (_, sequence) => names.map((key) => numbered(key, sequence))).flat();
}

const settled: ContractCase = {
  name: 'settled stay settled',
  title:
    'given a consumer that settled all and closed, when a successor attaches, then it gets only what is new',
  async run(target) {
    await using bench = await Bench.open(target);
    const producer = await bench.producer();
    await sendNumbered(producer, keys, { to: 20 });
    const first = new Deliveries();
    const consumer = await bench.consumer(first);
    await first.reach(200);
    await consumer.close();
    const successor = new Deliveries();
    await bench.consumer(successor);
    await sendNumbered(producer, keys, { from: 20, to: 30 });
    await successor.reach(100);
    assert.deepEqual(
      successor.texts.filter((text) => first.distinct.has(text)),
      [],
    );
  },
};

const outOfTurn: ContractCase = {
  name: 'handlers out of turn',
  title: 'given handlers that finish in reverse, when the consumer closes, then all of them are settled',
  async run(target) {
    requireManyInFlight(target);
    await using bench = await Bench.open(target);
    const finish: ((settlement: Settlement) => void)[] = [];
    const deliveries = new Deliveries(() => new Promise((resolve) => finish.push(resolve)));
    const consumer = await bench.consumer(deliveries);
    await sendHundred(await bench.producer(), target);
    await deliveries.until('100 handlers under way', () => deliveries.messages.length === 100);
    for (const settle of finish.toReversed()) settle('done');
    await consumer.close();
    const left = await bench.driver.backlog(bench.subscription());
    if (left !== undefined) assert.equal(left, 0);
    const successor = new Deliveries();
    await bench.consumer(successor);
    await sendNumbered(await bench.producer(), ['new'], { to: 1 });
    await successor.reach(1);
    assert.deepEqual(successor.texts, ['new:0']);
  },
};

const unsettled: ContractCase = {
  name: 'unsettled are redelivered',
  title:
    'given handlers that never finish, when their driver is disposed, then a successor gets their messages',
  async run(target) {
    requireManyInFlight(target);
    await using bench = await Bench.open(target);
    const stuckOnes = new Set((await sendHundred(await bench.producer(), target)).slice(50));
    const isStuck = (text: string): boolean => stuckOnes.has(text);
    const never = new Promise<Settlement>(() => undefined);
    const first = new Deliveries((text) => (isStuck(text) ? never : 'done'));
    const driver = await bench.connect();
    await bench.consumer(first, { driver });
    await first.reach(100);
    await driver[Symbol.asyncDispose]();
    const successor = new Deliveries();
    await bench.consumer(successor);
    const stuck = first.texts.filter(isStuck);
    await successor.until('all that were stuck', () => stuck.every((text) => successor.distinct.has(text)));
    const redelivered = successor.messages.filter(({ payload }) => stuck.includes(payload.toString()));
    // a broker that does not mark every redelivery may well mark these
    if (target.capabilities.marksRedeliveries)
      assert.ok(
        redelivered.every((message) => message.redelivered),
        'each is marked',
      );
    assert.deepEqual(
      successor.texts.filter((text) => !isStuck(text)),
      [],
      'what was settled is not delivered again',
    );
  },
};

const retry: ContractCase = {
  name: 'retry',
  title: `given a handler that answers 'retry' once, then the message is delivered again`,
  async run(target) {
    if (!target.capabilities.settlements.includes('retry')) throw new NotApplicable('no retry');
    await using bench = await Bench.open(target);
    const retried = new Set<string>();
    const deliveries = new Deliveries((text) => {
      if (!text.endsWith(':3') || retried.has(text)) return 'done';
      retried.add(text);
      return 'retry';
    });
    const consumer = await bench.consumer(deliveries);
    await sendNumbered(await bench.producer(), keys, { to: 5 });
    await deliveries.until('60 deliveries', () => deliveries.messages.length === 60);
    await consumer.close();
    const again = deliveries.messages.slice(0).filter(({ redelivered }) => redelivered);
    assert.deepEqual(again.map(({ payload }) => payload.toString()).sort(), [...retried].sort());
    const left = await bench.driver.backlog(bench.subscription());
    if (left !== undefined) assert.equal(left, 0);
  },
};

const reject: ContractCase = {
  name: 'reject',
  title: `given a handler that answers 'reject', then the message is settled and never delivered again`,
  async run(target) {
    if (!target.capabilities.settlements.includes('reject')) throw new NotApplicable('no reject');
    await using bench = await Bench.open(target);
    const deliveries = new Deliveries((text) => (text.endsWith(':3') ? 'reject' : 'done'));
    const consumer = await bench.consumer(deliveries);
    const producer = await bench.producer();
    await sendNumbered(producer, keys, { to: 5 });
    await deliveries.reach(50);
    await consumer.close();
    const successor = new Deliveries();
    await bench.consumer(successor);
    await sendNumbered(producer, keys, { from: 5, to: 6 });
    await successor.reach(10);
    assert.equal(deliveries.messages.length, 50);
    assert.deepEqual(
      successor.texts.filter((text) => deliveries.distinct.has(text)),
      [],
    );
  },
};

const unknownSettlement: ContractCase = {
  name: 'settlement it lacks',
  title: 'given a handler that answers what the driver cannot do, then the consumer ends with a UserError',
  async run(target) {
    const lacking = (['retry', 'reject'] as const).find(
      (settlement) => !target.capabilities.settlements.includes(settlement),
    );
    if (lacking === undefined) throw new NotApplicable('it has them all');
    await using bench = await Bench.open(target);
    const deliveries = new Deliveries(() => lacking);
    await bench.consumer(deliveries);
    await sendNumbered(await bench.producer(), ['key'], { to: 1 });
    await assert.rejects(
      deliveries.until('end of the consumer', () => false),
      { name: 'UserError', message: new RegExp(lacking) },
    );
  },
};

const backlog: ContractCase = {
  name: 'backlog',
  title: 'given 200 messages, when none is consumed and when all are, then the backlog is 200 and 0',
  async run(target) {
    const subscriptions = target.capabilities.fanOut === 'none' ? ['a'] : ['a', 'b'];
    await using bench = await Bench.open(target, { subscriptions });
    const backlogOf = (name: string): Promise<number | undefined> =>
      bench.driver.backlog(bench.subscription(name));
    const empty = await backlogOf('a');
    if (empty === undefined) throw new NotApplicable('the broker cannot say');
    assert.equal(empty, 0, 'at the start');
    await sendNumbered(await bench.producer(), keys, { to: 20 });
    assert.equal(await backlogOf('a'), 200, 'none consumed');
    const deliveries = new Deliveries();
    const consumer = await bench.consumer(deliveries);
    await deliveries.reach(200);
    await consumer.close();
    assert.equal(await backlogOf('a'), 0, 'all consumed');
    if (subscriptions.includes('b'))
      assert.equal(await backlogOf('b'), 200, 'the other subscription has its own');
  },
};

export const settlingCases: readonly ContractCase[] = [
  settled,
  outOfTurn,
  unsettled,
  retry,
  reject,
  unknownSettlement,
  backlog,
];
