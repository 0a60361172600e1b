import { rankSumTest, ratioOf } from '../stats/index.ts';

/** Five, so that what is not known is not called fine; and the machine's, which is none of the broker's. */
export type Verdict =
  | 'regressed'
  | 'improved'
  | 'equivalent'
  | 'inconclusive'
  | 'not comparable'
  | 'machine changed';

/** How the values of two sides stand to each other. */
export interface Change {
  /** current ÷ baseline, of the metric as it is measured */
  readonly ratio: number;
  /** undefined where there are too few values for one */
  readonly interval: readonly [low: number, high: number] | undefined;
  /** two-sided, for this row alone */
  readonly p: number;
}

/**
 * @param base values above 0, at least one; `current` likewise
 * @param alpha 1 − confidence of the interval
 */
export function changeOf(base: readonly number[], current: readonly number[], alpha: number): Change {
  const { ratio, interval } = ratioOf(base, current, 1 - alpha);
  return {
    ratio,
    interval: interval === undefined ? undefined : [interval.low, interval.high],
    p: rankSumTest(base, current).p,
  };
}

export interface Rule {
  /** which way is worse */
  readonly worse: 'higher' | 'lower';
  /** as a share */
  readonly tolerance: number;
  readonly alpha: number;
}

/**
 * Regressed where all of the interval is beyond the tolerance, and the p that is corrected for all gated rows is below
 * alpha; equivalent where all of the interval is within. What is neither is inconclusive, however small it looks.
 */
export function verdictOf({ interval }: Change, adjustedP: number, rule: Rule): Verdict {
  if (interval === undefined) return 'inconclusive';
  const [low, high] = rule.worse === 'higher' ? interval : [1 / interval[1], 1 / interval[0]];
  const limit = 1 + rule.tolerance;
  const isSure = adjustedP <= rule.alpha;
  if (low > limit && isSure) return 'regressed';
  if (high < 1 / limit && isSure) return 'improved';
  return low >= 1 / limit && high <= limit ? 'equivalent' : 'inconclusive';
}
