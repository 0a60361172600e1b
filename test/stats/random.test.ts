import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Random } from '../../src/stats/index.ts';

const seed = fc.integer({ min: 0, max: 2 ** 32 });

function draws(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => random.next());
}

/** Pearson's correlation of two equally long series. */
function correlation(xs: readonly number[], ys: readonly number[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(xs), mean(ys)];
  let [xy, xx, yy] = [0, 0, 0];
  for (const [index, x] of xs.entries()) {
    const y = ys[index] ?? NaN;
    xy += (x - mx) * (y - my);
    xx += (x - mx) ** 2;
    yy += (y - my) ** 2;
  }
  return xy / Math.sqrt(xx * yy);
}

describe('Random', () => {
  it('draws the same numbers for the same seed and stream', () => {
    fc.assert(
      fc.property(seed, fc.string(), (seed, stream) => {
        assert.deepEqual(draws(new Random(seed, stream), 20), draws(new Random(seed, stream), 20));
      }),
    );
  });

  it('draws other numbers for another seed, and for another stream', () => {
    fc.assert(
      fc.property(seed, (seed) => {
        const keys = draws(new Random(seed, 'keys'), 8);
        assert.notDeepEqual(draws(new Random(seed + 1, 'keys'), 8), keys);
        assert.notDeepEqual(draws(new Random(seed, 'arrivals'), 8), keys);
      }),
    );
  });

  it('tells seeds apart that differ only above 32 bits', () => {
    assert.notDeepEqual(draws(new Random(2 ** 32, 'keys'), 8), draws(new Random(0, 'keys'), 8));
  });

  const COUNT = 50_000;
  // three standard deviations of the correlation of independent series
  const UNCORRELATED = 3 / Math.sqrt(COUNT);
  const related: readonly (readonly [string, Random, Random])[] = [
    ['two streams of a seed', new Random(1, 'keys'), new Random(1, 'arrivals')],
    ['neighbouring seeds', new Random(1, 'keys'), new Random(2, 'keys')],
    ['seeds that differ in the highest bit', new Random(1, 'keys'), new Random(2 ** 31 + 1, 'keys')],
  ];
  for (const [which, one, other] of related) {
    it(`draws independently for ${which}`, () => {
      const correlated = Math.abs(correlation(draws(one, COUNT), draws(other, COUNT)));
      assert.ok(correlated < UNCORRELATED, `correlation ${correlated}`);
    });
  }

  it('is uniform in [0, 1): 100 bins fill evenly by the chi-square test', () => {
    const bins = new Array<number>(100).fill(0);
    const random = new Random(1, 'bins');
    for (let draw = 0; draw < 100_000; draw++) {
      const value = random.next();
      assert.ok(value >= 0 && value < 1);
      const bin = Math.floor(value * 100);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    const chiSquare = bins.reduce((sum, seen) => sum + (seen - 1000) ** 2 / 1000, 0);
    // 0.1 % quantiles of chi-square with 99 degrees of freedom, both ends: too even is wrong, too
    assert.ok(chiSquare > 60.7 && chiSquare < 148.2, `chi-square ${chiSquare}`);
  });

  it('draws each whole number below the bound, and none else', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 20 }), (seed, bound) => {
        const random = new Random(seed, 'below');
        const seen = new Set(Array.from({ length: bound * 50 }, () => random.below(bound)));
        assert.deepEqual(
          [...seen].sort((a, b) => a - b),
          Array.from({ length: bound }, (_, value) => value),
        );
      }),
    );
  });

  it('draws exponentials of mean 1 and variance 1, all finite and none negative', () => {
    const random = new Random(1, 'exponential');
    const values = Array.from({ length: 100_000 }, () => random.exponential());
    assert.ok(values.every((value) => value >= 0 && value < Infinity));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    // four standard errors: 1/√n of the mean, √8/√n of the variance
    assert.ok(Math.abs(mean - 1) < 4 / Math.sqrt(values.length), `mean ${mean}`);
    assert.ok(Math.abs(variance - 1) < (4 * Math.sqrt(8)) / Math.sqrt(values.length), `variance ${variance}`);
  });
});
