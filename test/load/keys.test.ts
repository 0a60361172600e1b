import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { drawKeys, type KeyDistribution } from '../../src/load/index.ts';

const DRAWS = 200_000;

/** How often each key was drawn. */
function frequencies(keys: KeyDistribution, seed = 1): readonly number[] {
  const counts = new Array<number>(keys.count).fill(0);
  const draw = drawKeys(keys, seed);
  for (let drawn = 0; drawn < DRAWS; drawn++) {
    const key = draw();
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

function chiSquare(counts: readonly number[], expected: number): number {
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

const count = fc.integer({ min: 1, max: 5000 });
const distributions: fc.Arbitrary<KeyDistribution> = fc.oneof(
  fc.record({ distribution: fc.constant('uniform'), count }),
  fc.record({
    distribution: fc.constant('hot'),
    count,
    hotShare: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  fc.record({
    distribution: fc.constant('zipf'),
    count,
    theta: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
  }),
);
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('drawKeys', () => {
  it('draws whole numbers from 0 to below the count', () => {
    fc.assert(
      fc.property(distributions, seeds, (keys, seed) => {
        const draw = drawKeys(keys, seed);
        for (let drawn = 0; drawn < 200; drawn++) {
          const key = draw();
          assert.ok(Number.isInteger(key) && key >= 0 && key < keys.count, `key ${key} of ${keys.count}`);
        }
      }),
    );
  });

  it('draws the same keys for the same seed', () => {
    fc.assert(
      fc.property(distributions, seeds, (keys, seed) => {
        const [one, other] = [drawKeys(keys, seed), drawKeys(keys, seed)];
        for (let drawn = 0; drawn < 50; drawn++) assert.equal(one(), other());
      }),
    );
  });

  it('uniform: all keys are equally popular, by the chi-square test', () => {
    const value = chiSquare(frequencies({ distribution: 'uniform', count: 100 }), DRAWS / 100);
    // 0.1 % quantiles with 99 degrees of freedom
    assert.ok(value > 60.7 && value < 148.2, `chi-square ${value}`);
  });

  it('hot: one key has its share, and the others share the rest equally', () => {
    const [hot = 0, ...others] = frequencies({ distribution: 'hot', count: 101, hotShare: 0.3 });
    assert.ok(Math.abs(hot / DRAWS - 0.3) < 4 * Math.sqrt((0.3 * 0.7) / DRAWS), `${hot / DRAWS}`);
    const value = chiSquare(others, (DRAWS - hot) / 100);
    assert.ok(value > 60.7 && value < 148.2, `chi-square ${value}`);
  });

  it('hot: a share of 1 leaves nothing to the others, and one of 0 nothing to the hot key', () => {
    assert.equal(frequencies({ distribution: 'hot', count: 5, hotShare: 1 })[0], DRAWS);
    assert.equal(frequencies({ distribution: 'hot', count: 5, hotShare: 0 })[0], 0);
  });

  for (const theta of [0.5, 0.8, 0.99]) {
    it(`zipf: the k-th key's share goes with 1/k^${theta}`, () => {
      const count = 1000;
      const counts = frequencies({ distribution: 'zipf', count, theta });
      const weights = counts.map((_, index) => (index + 1) ** -theta);
      const zeta = weights.reduce((sum, weight) => sum + weight, 0);
      // the first two are drawn exactly; for the rest Gray's method, as in YCSB, is up to 9 % off (ranks 3 to 10)
      for (const key of [0, 1]) {
        const share = (weights[key] ?? 0) / zeta;
        const off = Math.abs((counts[key] ?? 0) / DRAWS - share);
        assert.ok(off < 4 * Math.sqrt(share / DRAWS), `key ${key}: off by ${off}`);
      }
      for (const [from, to] of [
        [2, 10],
        [10, 100],
        [100, 1000],
      ] as const) {
        const sum = (values: readonly number[]): number =>
          values.slice(from, to).reduce((total, value) => total + value, 0);
        const [drawn, due] = [sum(counts) / DRAWS, sum(weights) / zeta];
        assert.ok(Math.abs(drawn / due - 1) < 0.09, `keys ${from} to ${to}: ${drawn} instead of ${due}`);
      }
    });
  }

  it('zipf: of two keys the first has 1 / (1 + 1/2^theta)', () => {
    const [first = 0] = frequencies({ distribution: 'zipf', count: 2, theta: 0.5 });
    const share = 1 / (1 + 0.5 ** 0.5);
    assert.ok(Math.abs(first / DRAWS - share) < 4 * Math.sqrt((share * (1 - share)) / DRAWS));
  });

  const single: readonly KeyDistribution[] = [
    { distribution: 'uniform', count: 1 },
    { distribution: 'hot', count: 1, hotShare: 0.1 },
    { distribution: 'zipf', count: 1, theta: 0.99 },
  ];
  for (const keys of single) {
    it(`${keys.distribution}: of one key it is always that one`, () => {
      assert.deepEqual(frequencies(keys), [DRAWS]);
    });
  }
});
