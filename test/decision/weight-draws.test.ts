import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  anyWeights,
  boundedWeights,
  doubtedWeights,
  orderedWeights,
  rankOrderCentroid,
  within,
  type WeightDraw,
} from '../../src/decision/weight-draws.ts';
import { Random } from '../../src/stats/index.ts';
import { assertNear } from './fixtures/near.ts';

test('rank order centroids are those of the tables', () => {
  assertNear(rankOrderCentroid(1), [1], 0);
  assertNear(rankOrderCentroid(2), [0.75, 0.25], 1e-12);
  assertNear(rankOrderCentroid(3), [0.611111, 0.277778, 0.111111], 5e-7);
  assertNear(rankOrderCentroid(4), [0.520833, 0.270833, 0.145833, 0.0625], 5e-7);
  assertNear(rankOrderCentroid(5), [0.456667, 0.256667, 0.156667, 0.09, 0.04], 5e-7);
  assertNear(rankOrderCentroid(6), [0.408333, 0.241667, 0.158333, 0.102778, 0.061111, 0.027778], 5e-7);
});

test('they are the mean of all weights in that order', () => {
  assertNear(meanOf(orderedWeights([0.5, 0.3, 0.2]), 3), rankOrderCentroid(3), 0.005);
});

test('of criteria that are stated as equal either is the heavier', () => {
  const [first = 0, ...others] = meanOf(orderedWeights([0.2, 0.4, 0.4]), 3);
  assertNear([first], [0.111111], 0.005);
  assertNear(others, [0.444444, 0.444444], 0.005);
});

test('doubted weights have the stated ones as their mean, and the spread that is promised', () => {
  const stated = [0.6, 0.3, 0.1, 0];
  assertNear(meanOf(doubtedWeights(stated, 25), 4), stated, 0.005);
  const spread = Math.sqrt(variance(doubtedWeights(stated, 25), 4, 0));
  assert.ok(Math.abs(spread - Math.sqrt((0.6 * 0.4) / 26)) < 0.003);
});

test('any weights are spread evenly over all that sum to 1', () => {
  assertNear(meanOf(anyWeights, 4), [0.25, 0.25, 0.25, 0.25], 0.005);
  // of a Dirichlet(1, 1, 1, 1)
  assert.ok(Math.abs(variance(anyWeights, 4, 0) - 3 / 80) < 0.002);
});

test('without bounds to speak of, weights within bounds are any weights', () => {
  const all = boundedWeights([
    [0, 1],
    [0, 1],
    [0, 1],
    [0, 1],
  ]);
  assertNear(meanOf(all, 4), [0.25, 0.25, 0.25, 0.25], 0.01);
  assert.ok(Math.abs(variance(all, 4, 0) - 3 / 80) < 0.003);
});

test('weights sum to 1, and those with bounds keep within them', () => {
  const bounds = fc
    .array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), {
      minLength: 2,
      maxLength: 8,
    })
    .map((pairs) => pairs.map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const))
    .filter((pairs) => sum(pairs.map(([low]) => low)) <= 1 && sum(pairs.map(([, high]) => high)) >= 1);
  fc.assert(
    fc.property(bounds, fc.nat(), (pairs, seed) => {
      const random = new Random(seed, 'test');
      const drawn = new Float64Array(pairs.length);
      boundedWeights(pairs)(random, drawn);
      assert.ok(Math.abs(sum([...drawn]) - 1) < 1e-9);
      for (const [index, [low, high]] of pairs.entries()) {
        const weight = drawn[index] ?? Number.NaN;
        assert.ok(weight >= low - 1e-9 && weight <= high + 1e-9, `${weight} in ${low} to ${high}`);
      }
      assert.ok(Math.abs(sum(within(pairs)) - 1) < 1e-9);
    }),
  );
});

const DRAWS = 40_000;

function draws(draw: WeightDraw, count: number): readonly (readonly number[])[] {
  const random = new Random(1, 'test');
  const weights = new Float64Array(count);
  return Array.from({ length: DRAWS }, () => {
    draw(random, weights);
    return [...weights];
  });
}

function meanOf(draw: WeightDraw, count: number): readonly number[] {
  const all = draws(draw, count);
  return Array.from({ length: count }, (_, index) => sum(all.map((each) => each[index] ?? 0)) / DRAWS);
}

function variance(draw: WeightDraw, count: number, index: number): number {
  const all = draws(draw, count).map((each) => each[index] ?? 0);
  const mean = sum(all) / DRAWS;
  return sum(all.map((each) => (each - mean) ** 2)) / DRAWS;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}
