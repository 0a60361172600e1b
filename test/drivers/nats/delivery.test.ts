import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answers, deliveryFacts } from '../../../src/drivers/nats/delivery.ts';
import { streamName, topicOf } from '../../../src/drivers/nats/names.ts';
import { routeOver } from '../../../src/drivers/nats/route.ts';

describe('the subject on which a delivery is settled', () => {
  const facts = { stream: 's', durable: 'd', deliveryCount: 3, streamSequence: 41 };

  test('given the short form, and the long one with domain and account, then both tell the same', () => {
    assert.deepEqual(deliveryFacts('$JS.ACK.s.d.3.41.40.1700000000000000000.5'), facts);
    assert.deepEqual(deliveryFacts('$JS.ACK._.hash.s.d.3.41.40.1700000000000000000.5.token'), facts);
  });

  test('given a status, which cannot be settled, then there is nothing', () => {
    for (const reply of [undefined, '', '_INBOX.a.1']) assert.equal(deliveryFacts(reply), undefined);
  });

  test('given a retry after a while, then the server is told in whole nanoseconds', () => {
    assert.equal(answers.retry(0), '-NAK');
    assert.equal(answers.retry(250), '-NAK {"delay":250000000}');
    assert.equal(answers.retry(0.0000011), '-NAK {"delay":1}');
  });
});

test('given the name of a topic, then its stream has no dots and tells the topic again', () => {
  const topic = 'mqbench.20261125-1.steady-state-nats-1.events';
  assert.doesNotMatch(streamName(topic), /[. ]/);
  assert.equal(topicOf(streamName(topic)), topic);
});

test('given many keys, then each has one partition, and all partitions are used alike', () => {
  const [one, another] = [routeOver(8), routeOver(8)];
  const counts = Array.from({ length: 8 }, () => 0);
  for (let key = 0; key < 8_000; key++) {
    const partition = one(`key-${key}`);
    assert.equal(another(`key-${key}`), partition);
    counts[partition] = (counts[partition] ?? 0) + 1;
  }
  assert.ok(
    counts.every((count) => count > 850 && count < 1_150),
    counts.join(' '),
  );
  assert.deepEqual(
    [1, 2, 3].map(() => routeOver(4)(undefined)),
    [0, 0, 0],
  );
  const taking = routeOver(3);
  assert.deepEqual(
    [1, 2, 3, 4].map(() => taking(undefined)),
    [0, 1, 2, 0],
  );
});
