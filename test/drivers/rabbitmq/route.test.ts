import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { routeOver } from '../../../src/drivers/rabbitmq/route.ts';

describe('the partition of a message', () => {
  test('given the same key, then it is the same, from every producer', () => {
    const [one, other] = [routeOver(7), routeOver(7)];
    one(undefined);
    for (const key of ['', 'a', 'ünïcode', 'order-4711']) assert.equal(one(key), other(key));
  });

  test('given no key, then the partitions take turns', () => {
    const route = routeOver(3);
    assert.deepEqual(
      Array.from({ length: 6 }, () => route(undefined)),
      ['0', '1', '2', '0', '1', '2'],
    );
  });

  test('given keys that differ in a counter, then the partitions have nearly equal shares', () => {
    for (const partitions of [2, 4, 6, 8, 16]) {
      const route = routeOver(partitions);
      const counts = new Map<string, number>();
      for (let key = 0; key < 10_000; key++) {
        const partition = route(`key-${key}`);
        counts.set(partition, (counts.get(partition) ?? 0) + 1);
      }
      const mean = 10_000 / partitions;
      assert.equal(counts.size, partitions);
      // five standard deviations of a fair draw
      for (const count of counts.values())
        assert.ok(Math.abs(count - mean) < 5 * Math.sqrt(mean), `${count} of ${mean}`);
    }
  });
});
