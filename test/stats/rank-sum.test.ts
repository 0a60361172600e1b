import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import fc from 'fast-check';
import { excludedDifferences, rankSumTest, smallestP } from '../../src/stats/index.ts';
import { GOB, JSON_FORMAT } from './fixtures/benchstat.ts';

const near = (actual: number, expected: number, tolerance: number): void => {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
};

describe('the samples of benchstat', () => {
  it('gob: no difference, with ties counted as they are', () => {
    const { u, p } = rankSumTest(GOB.before, GOB.after);
    near(p, 0.4461018857, 1e-9);
    assert.equal(Math.min(u, 100 - u), 39.5);
  });
  it('json: all of the one below all of the other', () => {
    const { u, p } = rankSumTest(JSON_FORMAT.before, JSON_FORMAT.after);
    near(p, 0.0000108, 5e-8);
    assert.equal(u, 100);
  });
});

test('the smallest p that n against n can have is that of the tables', () => {
  const known = [1, 0.3333, 0.1, 0.02857, 0.007937, 0.002165, 0.0005828, 0.0001554, 0.00004114, 0.00001083];
  for (const [index, p] of known.entries()) {
    const n = index + 1;
    near(smallestP(n, n), p, p * 5e-4);
    const low = Array.from({ length: n }, (_, place) => place);
    near(
      rankSumTest(
        low,
        low.map((value) => value + n),
      ).p,
      p,
      p * 5e-4,
    );
  }
});

test('three against three without overlap is p .1, where the normal approximation says .0495', () => {
  near(rankSumTest([1, 2, 3], [4, 5, 6]).p, 0.1, 1e-12);
});

for (const [n, count, coverage] of [
  [5, 3, 0.9683],
  [7, 9, 0.9621],
  [10, 24, 0.9567],
] as const) {
  test(`at 95 %, the interval of ${n} against ${n} goes from difference ${count} on, and covers ${coverage}`, () => {
    const found = excludedDifferences(n, n, 0.95);
    assert.equal(found?.count, count);
    near(found?.coverage ?? 0, coverage, 5e-5);
  });
}

test('three against three have no interval at 95 %', () => {
  assert.equal(excludedDifferences(3, 3, 0.95), undefined);
});

test('p does not depend on which sample is which, nor on the scale', () => {
  const sample = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(sample, sample, (a, b) => {
      const { u, p } = rankSumTest(a, b);
      const turned = rankSumTest(b, a);
      near(turned.p, p, 1e-12);
      near(turned.u, a.length * b.length - u, 1e-12);
      const cubes = (values: readonly number[]): readonly number[] => values.map((value) => value ** 3);
      near(rankSumTest(cubes(a), cubes(b)).p, p, 1e-12);
    }),
  );
});

test('of samples from one distribution no more than 5 % have a p of at most .05', () => {
  // all of the arrangements of 4 against 4, which are equally likely
  const all = arrangements(8, 4);
  const few = all.filter((chosen) => {
    const rest = [0, 1, 2, 3, 4, 5, 6, 7].filter((value) => !chosen.includes(value));
    return rankSumTest(chosen, rest).p <= 0.05;
  });
  assert.ok(few.length / all.length <= 0.05);
  assert.ok(few.length > 0);
});

function arrangements(of: number, size: number, from = 0): readonly (readonly number[])[] {
  if (size === 0) return [[]];
  return Array.from({ length: of - from }, (_, index) => from + index).flatMap((first) =>
    arrangements(of, size - 1, first + 1).map((rest) => [first, ...rest]),
  );
}
