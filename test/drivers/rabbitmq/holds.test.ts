import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Holds } from '../../../src/drivers/rabbitmq/holds.ts';

describe('deliveries that are held before they are returned', () => {
  test('given a delay, then each is released after it', async () => {
    const holds = new Holds(20);
    const startMs = performance.now();
    await new Promise<void>((resolve) => holds.hold(resolve));
    assert.ok(performance.now() - startMs >= 19);
  });

  test('given that the consumer ends, then all are released at once, and once', async () => {
    const holds = new Holds(5);
    const released: number[] = [];
    for (const tag of [1, 2]) holds.hold(() => released.push(tag));
    holds.releaseAll();
    assert.deepEqual(released, [1, 2]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(released, [1, 2]);
  });
});
