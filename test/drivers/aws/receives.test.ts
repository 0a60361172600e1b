import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { receivesAfter } from '../../../src/drivers/aws/receives.ts';

describe('receives under way', () => {
  const after = (answers: readonly number[], from: number, limit = 8): number =>
    answers.reduce((wanted, received) => receivesAfter(received, wanted, limit), from);

  it('grow by one with each answer that is half full, up to the limit', () => {
    assert.equal(after([5], 1), 2);
    assert.equal(after([10, 10, 5], 1), 4);
    assert.equal(after(Array<number>(20).fill(10), 1), 8);
    assert.equal(after([10], 1, 1), 1);
  });

  it('shrink to two while messages come one by one', () => {
    assert.equal(after([1], 8), 7);
    assert.equal(after(Array<number>(20).fill(1), 8), 2);
    assert.equal(after([4, 4, 4], 3), 2);
  });

  it('stay at one while one is enough', () => {
    assert.equal(after([1, 4, 1], 1), 1);
  });

  it('shrink to one while nothing comes', () => {
    assert.equal(after([0], 8), 7);
    assert.equal(after(Array<number>(20).fill(0), 8), 1);
  });
});
