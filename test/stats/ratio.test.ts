import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { ratioOf } from '../../src/stats/index.ts';
import { GOB, JSON_FORMAT } from './fixtures/benchstat.ts';

const near = (actual: number | undefined, expected: number, tolerance: number): void => {
  assert.ok(actual !== undefined && Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
};

describe('the samples of benchstat', () => {
  for (const [name, sample, ratio, low, high] of [
    ['json', JSON_FORMAT, 0.826608, 0.819501, 0.833626],
    ['gob', GOB, 1.00098, 0.998368, 1.007507],
  ] as const) {
    it(`${name}: ${ratio}, from ${low} to ${high}`, () => {
      const found = ratioOf(sample.before, sample.after, 0.95);
      near(found.ratio, ratio, 5e-7);
      near(found.interval?.low, low, 5e-7);
      near(found.interval?.high, high, 5e-7);
      near(found.interval?.coverage, 0.9567, 5e-5);
    });
  }
});

test('turned round it is the inverse', () => {
  const [there, back] = [ratioOf(GOB.before, GOB.after, 0.95), ratioOf(GOB.after, GOB.before, 0.95)];
  near(there.ratio * back.ratio, 1, 1e-12);
  near((there.interval?.low ?? 0) * (back.interval?.high ?? 0), 1, 1e-12);
});

test('three trials a side have a ratio and no interval', () => {
  const { ratio, interval } = ratioOf([1, 2, 3], [2, 4, 6], 0.95);
  near(ratio, 2, 1e-12);
  assert.equal(interval, undefined);
});

test('there is no ratio to or of nothing', () => {
  assert.throws(() => ratioOf([0, 1], [1, 2], 0.95), /^RangeError: no ratio of 0$/);
  assert.throws(() => ratioOf([1, 2], [1, Number.NaN], 0.95), /^RangeError: no ratio of NaN$/);
});
