import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptability, type Acceptability, type UncertainValue } from '../../src/decision/acceptability.ts';
import { valueOf } from '../../src/decision/value-function.ts';
import { anyWeights, orderedWeights, type WeightDraw } from '../../src/decision/weight-draws.ts';
import { Random } from '../../src/stats/index.ts';
import { assertNear } from './fixtures/near.ts';

const DRAWS = 100_000;
const TOLERANCE = 0.01;

test('two criteria, any weights: the shares of the closed form', () => {
  const { ranks, centralWeights, confidence } = sample([
    [1, 0],
    [0, 1],
    [0.6, 0.6],
  ]);
  assertNear(ranks[0], [0.4, 0.1, 0.5], TOLERANCE);
  assertNear(ranks[1], [0.4, 0.1, 0.5], TOLERANCE);
  assertNear(ranks[2], [0.2, 0.8, 0], TOLERANCE);
  assertNear(centralWeights[0], [0.8, 0.2], TOLERANCE);
  assertNear(centralWeights[1], [0.2, 0.8], TOLERANCE);
  assertNear(centralWeights[2], [0.5, 0.5], TOLERANCE);
  assert.deepEqual(confidence, [1, 1, 1]);
});

const CORNERS = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
  [0.5, 0.5, 0.5],
];

test('three criteria, any weights: the shares of the closed form', () => {
  const { ranks, centralWeights } = sample(CORNERS);
  for (const corner of [0, 1, 2]) assertNear(ranks[corner], [1 / 4, 1 / 12, 1 / 3, 1 / 3], TOLERANCE);
  assertNear(ranks[3], [1 / 4, 3 / 4, 0, 0], TOLERANCE);
  assertNear(centralWeights[0], [2 / 3, 1 / 6, 1 / 6], TOLERANCE);
  assertNear(centralWeights[3], [1 / 3, 1 / 3, 1 / 3], TOLERANCE);
});

test('three criteria whose order is known: the shares of the closed form', () => {
  const { ranks, centralWeights, confidence } = sample(CORNERS, orderedWeights([0.5, 0.3, 0.2]));
  assertNear(
    ranks.map(([first = 0]) => first),
    [3 / 4, 0, 0, 1 / 4],
    TOLERANCE,
  );
  assert.equal(centralWeights[1], null);
  assert.equal(confidence[1], null);
});

test('a dominated option is never first, and has no weights that speak for it', () => {
  const { ranks, centralWeights, confidence, wins } = sample([
    [1, 1],
    [0, 0],
  ]);
  assert.deepEqual(ranks, [
    [1, 0],
    [0, 1],
  ]);
  assert.equal(centralWeights[1], null);
  assert.deepEqual(confidence, [1, null]);
  assert.deepEqual(wins, [
    [0, 1],
    [0, 0],
  ]);
});

test('options that are equal share the better rank', () => {
  const { ranks, wins } = sample([
    [0.3, 0.7],
    [0.3, 0.7],
  ]);
  assert.deepEqual(ranks, [
    [1, 0],
    [1, 0],
  ]);
  assert.deepEqual(wins, [
    [0, 0],
    [0, 0],
  ]);
});

test('a pairwise winning index is the share of draws that are won', () => {
  // ahead nine times of ten
  const often: UncertainValue = Float64Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 0);
  const { wins } = sample([[often], [0.5]]);
  assertNear([wins[0]?.[1] ?? 0, wins[1]?.[0] ?? 0], [0.9, 0.1], TOLERANCE);
});

test('four antidepressants: the shares that were published with JSMAA', () => {
  const efficacy = [
    [0, 0],
    [0.086, 0.056],
    [0.095, 0.044],
    [0.113, 0.048],
  ];
  // diarrhea, dizziness, headache, insomnia, nausea: mean and standard deviation of each drug
  const harms = [
    [11.7, 2.5, 9.2, 1.86, 15.4, 2.65, 5.5, 2.32],
    [7.2, 1.45, 10.6, 1.58, 7.5, 1.48, 15.7, 4.44],
    [16.6, 3.27, 21.2, 5.15, 20.2, 3.78, 12.8, 2.45],
    [13.7, 1.89, 14.3, 2.93, 15, 3.21, 11.2, 3.98],
    [18.6, 1.79, 18.3, 3.7, 19.5, 2.6, 31, 1.68],
  ].map((flat) => [0, 2, 4, 6].map((at) => [flat[at] ?? 0, flat[at + 1] ?? 0] as const));
  const ends = (spans: readonly (readonly number[])[], of: (x: number) => number): [number, number] => [
    Math.min(...spans.map(([mean = 0, sd = 0]) => of(mean - 1.96 * sd))),
    Math.max(...spans.map(([mean = 0, sd = 0]) => of(mean + 1.96 * sd))),
  ];
  const [worst, best] = ends(efficacy, Math.exp);
  const random = new Random(7, 'normal');
  const drawn = (of: (normal: number) => number): Float64Array =>
    Float64Array.from({ length: 16_384 }, () => of(random.normal()));
  const values = efficacy.map(([mu = 0, sigma = 0], drug): UncertainValue[] => [
    drawn((normal) => valueOf({ kind: 'linear', worst, best }, Math.exp(mu + sigma * normal))),
    ...harms.map((spans): UncertainValue => {
      const [low, high] = ends(spans, (x) => x);
      const [mean, sd] = spans[drug] ?? [0, 0];
      return drawn((normal) => valueOf({ kind: 'linear', worst: high, best: low }, mean + sd * normal));
    }),
  ]);

  const { ranks, centralWeights, confidence } = sample(values);

  assertNear(ranks[0], [0.2, 0.28, 0.3, 0.22], 0.02);
  assertNear(ranks[1], [0.25, 0.29, 0.27, 0.19], 0.02);
  assertNear(ranks[2], [0.17, 0.25, 0.29, 0.3], 0.02);
  assertNear(ranks[3], [0.39, 0.18, 0.15, 0.29], 0.02);
  assertNear(
    confidence.map((each) => each ?? 0),
    [0.48, 0.44, 0.34, 0.74],
    0.03,
  );
  assertNear(centralWeights[0], [0.08, 0.14, 0.23, 0.18, 0.16, 0.22], 0.02);
  assertNear(centralWeights[1], [0.18, 0.17, 0.15, 0.13, 0.15, 0.22], 0.02);
  assertNear(centralWeights[2], [0.21, 0.1, 0.22, 0.13, 0.15, 0.2], 0.02);
  assertNear(centralWeights[3], [0.18, 0.21, 0.12, 0.21, 0.19, 0.09], 0.02);
});

test('the same seed gives the same shares, another one others', () => {
  const values: UncertainValue[][] = [[Float64Array.of(0.2, 0.4, 0.6, 0.8)], [0.5]];
  const of = (seed: number): readonly Acceptability[] =>
    acceptability({ values, weights: [anyWeights], draws: 1000, seed });
  const once = of(1);
  assert.deepEqual(of(1), once);
  assert.notDeepEqual(of(2), once);
});

function sample(
  values: readonly (readonly UncertainValue[])[],
  weights: WeightDraw = anyWeights,
): Acceptability {
  const [found] = acceptability({ values, weights: [weights], draws: DRAWS, seed: 42 });
  assert.ok(found !== undefined);
  return found;
}
