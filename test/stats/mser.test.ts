import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mserCut, Random } from '../../src/stats/index.ts';

/** Around 10, with a standard deviation of about 0.3. */
function steady(count: number, seed = 1): number[] {
  const random = new Random(seed, 'mser');
  return Array.from({ length: count }, () => 9.5 + random.next());
}

describe('the cut of a warm-up', () => {
  it('is where values have come down', () => {
    assert.equal(mserCut([90, 60, 40, 25, ...steady(40)]), 4);
  });

  it('is next to nothing for values that are steady', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const cut = mserCut(steady(100, seed));
      // where all are alike, any small cut is as good as another
      assert.ok(cut === undefined || cut <= 50, `${cut}, seed ${seed}`);
    }
    assert.equal(mserCut(new Array<number>(20).fill(7)), 0);
  });

  it('does not exist for values that go on falling, or for few', () => {
    assert.equal(mserCut(Array.from({ length: 40 }, (_, index) => 1000 / (index + 1) ** 0.2)), undefined);
    assert.equal(mserCut([1, 2, 3]), undefined);
  });
});
