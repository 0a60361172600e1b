import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breakEvenWeight, dominates, totals } from '../../src/decision/additive.ts';
import { valueOf } from '../../src/decision/value-function.ts';
import { assertNear } from './fixtures/near.ts';

test('weighted sums are those of scikit-criteria and of Wikipedia', () => {
  assert.deepEqual(
    totals(
      [
        [1, 0, 3],
        [0, 5, 6],
      ],
      [1, 1, 1],
    ),
    [4, 11],
  );
  const shares = [
    [25, 20, 15, 30],
    [10, 30, 20, 30],
    [30, 10, 30, 10],
  ];
  assertNear(totals(shares, [0.2, 0.15, 0.4, 0.25]), [21.5, 22, 22], 1e-12);
});

test('weighted sums of normalised columns are those of pymcdm, weights that do not sum to 1 included', () => {
  const matrix = [
    [96, 83, 75, 7],
    [63, 5, 56, 9],
    [72, 30, 32, 48],
    [11, 4, 27, 9],
    [77, 21, 17, 11],
  ];
  const better = matrix.map(([a = 0, b = 0, c = 0, d = 0]) => [a, b, 1 / c, 1 / d]);
  const sums = [0, 1, 2, 3].map((column) => better.reduce((sum, row) => sum + (row[column] ?? 0), 0));
  const normalised = better.map((row) => row.map((value, column) => value / (sums[column] ?? 0)));
  const weights = [8, 5, 6, 7];
  assertNear(
    totals(
      normalised,
      weights.map((each) => each / 13),
    ),
    [0.609, 0.313, 0.334, 0.265, 0.479],
    5e-4,
  );
  assertNear(
    totals(
      normalised,
      weights.map((each) => each / 26),
    ),
    [0.30431566, 0.15626012, 0.16711117, 0.13271877, 0.23959428],
    1e-8,
  );
});

test('on fixed linear scales the totals are those of SPOTIS, which counts from the other end', () => {
  const scales = [
    { kind: 'linear', worst: -5, best: 12 },
    { kind: 'linear', worst: 10, best: -6 },
    { kind: 'linear', worst: -8, best: 5 },
  ] as const;
  const matrix = [
    [10.5, -3.1, 1.7],
    [-4.7, 0, 3.4],
    [8.1, 0.3, 1.3],
    [3.2, 7.3, -5.3],
  ];
  const values = matrix.map((row) =>
    row.map((raw, index) => valueOf(scales[index] ?? { kind: 'linear', worst: 0, best: 1 }, raw)),
  );
  assertNear(
    totals(values, [0.2, 0.3, 0.5]).map((total) => 1 - total),
    [0.1989, 0.3705, 0.3063, 0.7491],
    5e-5,
  );
});

test('an option that nobody wants changes neither totals nor order, as it does where scales follow the options', () => {
  const scales = [
    { kind: 'linear', worst: 0, best: 100 },
    { kind: 'log', worst: 100, best: 4 },
  ] as const;
  const valuesOf = (options: readonly (readonly [number, number])[]): number[][] =>
    options.map(([throughput, p99]) => [valueOf(scales[0], throughput), valueOf(scales[1], p99)]);
  const weights = [0.45, 0.55];
  const two = totals(
    valuesOf([
      [100, 10],
      [60, 4],
    ]),
    weights,
  );
  const three = totals(
    valuesOf([
      [100, 10],
      [60, 4],
      [50, 100],
    ]),
    weights,
  );
  assert.deepEqual(three.slice(0, 2), two);

  const minMax = (options: readonly (readonly [number, number])[]): readonly number[] => {
    const [throughputs, p99s] = [options.map(([each]) => each), options.map(([, each]) => each)];
    const between = (low: number, high: number, at: number): number => (at - low) / (high - low);
    return totals(
      options.map(([throughput, p99]) => [
        between(Math.min(...throughputs), Math.max(...throughputs), throughput),
        between(Math.max(...p99s), Math.min(...p99s), p99),
      ]),
      weights,
    );
  };
  assertNear(
    minMax([
      [100, 10],
      [60, 4],
    ]),
    [0.45, 0.55],
    1e-12,
  );
  assertNear(
    minMax([
      [100, 10],
      [60, 4],
      [50, 100],
    ]),
    [0.965625, 0.64, 0],
    1e-12,
  );
});

test('an option dominates another that is nowhere better and somewhere worse, and no equal one', () => {
  assert.equal(dominates([1, 0.5], [1, 0.4]), true);
  assert.equal(dominates([1, 0.5], [1, 0.5]), false);
  assert.equal(dominates([1, 0.3], [0.9, 0.4]), false);
});

test('a break-even weight makes both totals equal, the others in proportion', () => {
  const [a, b] = [
    [0.9, 0.2, 0.4],
    [0.5, 0.8, 0.3],
  ];
  const weights = [0.5, 0.2, 0.3];
  const weight = breakEvenWeight(a ?? [], b ?? [], weights, 1);
  assert.ok(weight !== undefined);
  const others = (1 - weight) / 0.8;
  const [first = 0, second = 1] = totals([a ?? [], b ?? []], [0.5 * others, weight, 0.3 * others]);
  assert.ok(Math.abs(first - second) < 1e-12);
});

test('there is no break-even weight where the same option stays ahead', () => {
  assert.equal(breakEvenWeight([0.9, 0.5], [0.5, 0.4], [0.5, 0.5], 1), undefined);
  assert.equal(breakEvenWeight([0.9], [0.5], [1], 0), undefined);
});
