import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Progress } from '../../../../src/drivers/rabbitmq/stream/progress.ts';

describe('the progress of a consumer over its connections', () => {
  test('given nothing, then a partition begins where the broker says', () => {
    assert.equal(new Progress().settledTo(3), 0);
  });

  test('given settlements of two connections, then the larger holds, in each partition', () => {
    const progress = new Progress();
    progress.settle(0, 7);
    progress.settle(0, 5);
    progress.settle(1, 2);
    assert.deepEqual([progress.settledTo(0), progress.settledTo(1)], [7, 2]);
  });

  test('given a partition that is read again from before, then what was received is known, up to what is new', () => {
    const progress = new Progress();
    for (const offset of [4, 5, 7]) assert.equal(progress.receive(0, offset), 'new');
    assert.deepEqual(
      [5, 7, 8].map((offset) => progress.receive(0, offset)),
      ['again', 'again', 'new'],
    );
    assert.equal(progress.receive(1, 5), 'new', 'another partition');
  });
});
