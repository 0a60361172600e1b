import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bootstrappedMedian, median, Random } from '../../src/stats/index.ts';

const DRAWS = 100_000;

test('of three values the median is the middle one in 13 of 27 bootstrap samples, and each of the others in 7', () => {
  const shares = bootstrappedMedian([9, 4, 6]);
  assert.deepEqual(
    shares.map(({ value }) => value),
    [4, 6, 9],
  );
  for (const [index, share] of [7 / 27, 13 / 27, 7 / 27].entries())
    assert.ok(Math.abs((shares[index]?.share ?? 0) - share) < 1e-12);
});

for (const values of [[5], [1, 2], [1, 2, 4, 8], [3, 3, 5], [1, 2, 4, 8, 16], [1, 2, 4, 8, 16, 32]]) {
  test(`of ${values.length} values, ${values.join()}, it is distributed as that of samples that are drawn`, () => {
    const exact = bootstrappedMedian(values);
    assert.ok(Math.abs(exact.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-9);
    const random = new Random(1, 'bootstrap');
    const counts = new Map<number, number>();
    for (let draw = 0; draw < DRAWS; draw++) {
      const middle = median(values.map(() => values[random.below(values.length)] ?? 0)) ?? 0;
      counts.set(middle, (counts.get(middle) ?? 0) + 1);
    }
    for (const value of new Set(exact.map((each) => each.value))) {
      const share = exact.reduce((sum, each) => (each.value === value ? sum + each.share : sum), 0);
      assert.ok(Math.abs(share - (counts.get(value) ?? 0) / DRAWS) < 0.006, `${value}: ${share}`);
    }
  });
}
