import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectableChange, Random, rankSumTest } from '../../src/stats/index.ts';

const DEMAND = { alpha: 0.05, power: 0.8 };

/** In per cent, by repeats: reference/decision-and-ci.md, 1.10, which simulated it in steps and so rounds up. */
const KNOWN: readonly (readonly [variation: number, byRepeats: Readonly<Record<number, number>>])[] = [
  [0.03, { 4: 10, 5: 8, 7: 6, 10: 5, 20: 3 }],
  [0.05, { 4: 16, 5: 13, 7: 10, 10: 8, 20: 5 }],
  // 27 for 5 there; that four of five see 25.8 is shown below
  [0.1, { 4: 34, 5: 26, 7: 20, 10: 15, 20: 10 }],
];

for (const [variation, byRepeats] of KNOWN) {
  test(`what is seen of ${variation * 100} % run-to-run variation is what the table has, to a point`, () => {
    for (const [repeats, percent] of Object.entries(byRepeats)) {
      const sizes = { base: Number(repeats), current: Number(repeats) };
      const found = 100 * (detectableChange(variation, sizes, DEMAND) ?? Number.NaN);
      assert.ok(Math.abs(found - percent) <= 1, `${repeats} repeats: ${found} is not ${percent}`);
    }
  });
}

test('the test sees such a change as often as was asked for', () => {
  const random = new Random(7, 'power');
  const [repeats, variation, rounds] = [5, 0.1, 4000];
  const change = detectableChange(variation, { base: repeats, current: repeats }, DEMAND) ?? 0;
  const deviation = Math.sqrt(Math.log1p(variation ** 2));
  const sample = (middle: number): readonly number[] =>
    Array.from({ length: repeats }, () => middle * Math.exp(deviation * random.normal()));
  const seen = Array.from({ length: rounds }, () => rankSumTest(sample(1), sample(1 + change)).p).filter(
    (p) => p <= DEMAND.alpha,
  );
  assert.ok(Math.abs(seen.length / rounds - DEMAND.power) < 0.02, `${seen.length / rounds}`);
});

test('three against three see nothing, however large', () => {
  assert.equal(detectableChange(0.05, { base: 3, current: 3 }, DEMAND), undefined);
});
