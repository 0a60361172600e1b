import assert from 'node:assert/strict';
import { test } from 'node:test';
import { streamsOf } from '../../../../src/drivers/rabbitmq/stream/topology.ts';

test('given two partitions and two subscriptions, then the subscriptions share the streams and each has its offsets', () => {
  const topic = { name: 'mqbench.t', partitions: 2, subscriptions: ['a', 'b'] };
  const streams = streamsOf(topic, { 'x-queue-type': 'stream', 'x-initial-cluster-size': 3 });
  assert.deepEqual(
    streams.map(({ name, routingKey, firstMessage }) => [name, routingKey, firstMessage !== undefined]),
    [
      ['mqbench.t.0', '0', true],
      ['mqbench.t.1', '1', true],
      ['mqbench.t.a.offsets.0', undefined, true],
      ['mqbench.t.a.offsets.1', undefined, true],
      ['mqbench.t.b.offsets.0', undefined, true],
      ['mqbench.t.b.offsets.1', undefined, true],
    ],
  );
  for (const { name, queueArguments } of streams) {
    assert.equal(queueArguments['x-initial-cluster-size'], 3, `${name} has as many copies`);
    assert.equal('x-max-length-bytes' in queueArguments, name.includes('offsets'), `${name}, retention`);
  }
});
