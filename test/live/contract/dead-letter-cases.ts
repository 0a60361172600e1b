import assert from 'node:assert/strict';
import { Bench, keysNamed, sendNumbered } from './bench.ts';
import { Deliveries } from './deliveries.ts';
import type { ContractCase } from './suite-target.ts';

const keys = keysNamed('key', 10);
/** A second, since SQS counts in whole ones. */
const retry = { maxAttempts: 3, delayMs: 1000 };
/** Timers of the broker and of ours may differ by so much. */
const clockSlackMs = 20;

const usedUp: ContractCase = {
  name: 'attempts used up',
  title:
    'given three attempts, when a message fails each of them, then it is a dead letter, and the others are not held up',
  async run(target) {
    await using bench = await Bench.open(target, { retry });
    const atMs: number[] = [];
    const deliveries = new Deliveries((text) => {
      if (text !== 'key3:2') return 'done';
      atMs.push(performance.now());
      return 'retry';
    });
    const consumer = await bench.consumer(deliveries);
    const dead = new Deliveries();
    await bench.deadLetters(dead);
    await sendNumbered(await bench.producer(), keys, { to: 5 });
    await deliveries.reach(50);
    await dead.reach(1);
    assert.deepEqual(dead.texts, ['key3:2']);
    assert.equal(atMs.length, 3, 'attempts');
    for (const [index, at] of atMs.entries()) {
      const before = atMs[index - 1];
      if (before !== undefined) assert.ok(at - before >= retry.delayMs - clockSlackMs, `${at - before} ms`);
    }
    const marks = deliveries.messages
      .filter(({ payload }) => payload.toString() === 'key3:2')
      .map(({ redelivered }) => redelivered);
    assert.deepEqual(marks, [false, true, true]);
    await consumer.close();
    assert.equal(deliveries.messages.length, 52);
    const left = await bench.driver.backlog(bench.subscription());
    if (left !== undefined) assert.equal(left, 0);
  },
};

const recovers: ContractCase = {
  name: 'second attempt',
  title: 'given a message that fails once, when it is tried again, then it is done, and no dead letter',
  async run(target) {
    await using bench = await Bench.open(target, { retry });
    const failed = new Set<string>();
    const deliveries = new Deliveries((text) => {
      if (!text.endsWith(':2') || failed.has(text)) return 'done';
      failed.add(text);
      return 'retry';
    });
    const consumer = await bench.consumer(deliveries);
    const dead = new Deliveries();
    await bench.deadLetters(dead);
    await sendNumbered(await bench.producer(), keys, { to: 5 });
    await deliveries.until('60 deliveries', () => deliveries.messages.length === 60);
    await consumer.close();
    assert.deepEqual(dead.texts, []);
  },
};

const rejected: ContractCase = {
  name: 'rejected',
  title: "given a retry policy, when a handler answers 'reject', then the message is a dead letter at once",
  async run(target) {
    await using bench = await Bench.open(target, { retry });
    const deliveries = new Deliveries((text) => (text.endsWith(':3') ? 'reject' : 'done'));
    await bench.consumer(deliveries);
    const dead = new Deliveries();
    await bench.deadLetters(dead);
    const headers = { 'content-type': 'text/plain' };
    const producer = await bench.producer();
    await sendNumbered(producer, keys, { to: 5 });
    await producer.send({ key: 'last', payload: Buffer.from('last:3'), headers });
    await dead.reach(11);
    assert.deepEqual([...dead.texts].sort(), [...keys.map((key) => `${key}:3`), 'last:3'].sort());
    await deliveries.reach(51);
    assert.equal(deliveries.messages.length, 51, 'one attempt each');
    const last = dead.messages.find(({ payload }) => payload.toString() === 'last:3');
    assert.equal(last?.headers?.['content-type'], 'text/plain', 'its headers go with it');
    if (target.capabilities.deadLetters === 'mqbench') {
      assert.equal(last?.headers?.['mqbench-dead-letter-reason'], 'rejected');
      assert.equal(last?.headers?.['mqbench-dead-letter-attempts'], '1');
      assert.equal(last?.headers?.['mqbench-dead-letter-origin'], `${bench.topic}/a`);
    }
  },
};

const crash: ContractCase = {
  name: 'crash while burying',
  title:
    'given a consumer that dies while its messages become dead letters, when a successor goes on, then none is lost',
  async run(target) {
    await using bench = await Bench.open(target, { retry });
    await sendNumbered(await bench.producer(), keys, { to: 20 });
    const first = new Deliveries(() => 'reject');
    const driver = await bench.connect();
    const dead = new Deliveries();
    await bench.deadLetters(dead);
    await bench.consumer(first, { driver, window: 20 });
    await dead.reach(1);
    await driver[Symbol.asyncDispose]();
    const successor = new Deliveries(() => 'reject');
    await bench.consumer(successor);
    await dead.reach(200);
    assert.equal(dead.distinct.size, 200);
  },
};

export const deadLetterCases: readonly ContractCase[] = [usedUp, recovers, rejected, crash];
