import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeOf, verdictOf } from '../../src/compare/judge.ts';
import { holm, Random } from '../../src/stats/index.ts';

const COMPARISONS = 2_000;
const REPEATS = 5;
const ROWS = 2;
const VARIATION = 0.05;
const RULE = { worse: 'higher', tolerance: 0.05, alpha: 0.05 } as const;

/** Trials of a row whose median is this, varying by 5 % from one to the next (log-normal). */
function trials(random: Random, middle: number): readonly number[] {
  const deviation = Math.sqrt(Math.log1p(VARIATION ** 2));
  return Array.from({ length: REPEATS }, () => middle * Math.exp(deviation * random.normal()));
}

/** Verdicts of the gated rows of one comparison, of which the first changed by that much. */
function comparison(random: Random, change: number): readonly string[] {
  const changes = Array.from({ length: ROWS }, (_, row) =>
    changeOf(trials(random, 10), trials(random, row === 0 ? 10 * (1 + change) : 10), RULE.alpha),
  );
  const ps = holm(changes.map(({ p }) => p));
  return changes.map((each, row) => verdictOf(each, ps[row] ?? 1, RULE));
}

test('2,000 A/A comparisons of 2 gated rows: one that is called regressed in at most 5 % of them', () => {
  const random = new Random(1, 'A/A');
  let alarms = 0;
  for (let each = 0; each < COMPARISONS; each++) if (comparison(random, 0).includes('regressed')) alarms++;
  assert.ok(alarms / COMPARISONS <= 0.05, `${alarms} of ${COMPARISONS}`);
});

test('a row that became 20 % slower is found in at least 90 % of 2,000 comparisons', () => {
  const random = new Random(2, 'A/B');
  let found = 0;
  for (let each = 0; each < COMPARISONS; each++) if (comparison(random, 0.2)[0] === 'regressed') found++;
  assert.ok(found / COMPARISONS >= 0.9, `${found} of ${COMPARISONS}`);
});
