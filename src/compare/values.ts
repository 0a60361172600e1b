import type { Measurable } from '../result/index.ts';
import type { Trial } from './campaign.ts';
import { changeOf, type Change } from './judge.ts';

/** Why speeds of these trials cannot be judged by; undefined: they can. */
export function soundness(
  before: readonly Trial[],
  after: readonly Trial[],
  { evidence }: Measurable,
): string | undefined {
  if (evidence !== 'speed') return undefined;
  const has = (trials: readonly Trial[], verdict: Trial['verdict']): boolean =>
    trials.some((trial) => trial.verdict === verdict);
  const count = (trials: readonly Trial[], verdict: Trial['verdict']): string =>
    `${trials.filter((trial) => trial.verdict === verdict).length} of ${trials.length}`;
  const limited = (['client-limited', 'broker-throttled'] as const).find(
    (each) => has(before, each) || has(after, each),
  );
  if (limited !== undefined)
    return `${limited} were ${count(before, limited)} trials of the baseline and ${count(after, limited)} of the other: what they measured is no speed of the broker`;
  if (has(after, 'overloaded'))
    return has(before, 'overloaded')
      ? 'overloaded before and after: at a load that is not carried, latency is how long it went on'
      : 'overloaded, and the baseline carried the load';
  if (has(before, 'overloaded')) return 'the baseline was overloaded, and this is not';
  if (has(after, 'incorrect') || has(before, 'incorrect')) return 'incorrect: what is lost is not late';
  return undefined;
}

/** Of each trial that has one, in the base unit of its dimension. @param phase undefined: all that is measured */
export function valuesOf(
  trials: readonly Trial[],
  metric: Measurable,
  phase: string | undefined,
): readonly number[] {
  return trials.flatMap((trial) => {
    const value = trial.valueOf(metric, phase);
    return value === null || !Number.isFinite(value) ? [] : [value];
  });
}

/** Nothing has no ratio to nothing, and is no change; @returns undefined where something came of nothing, or became it. */
export function changeOrSame(
  baseline: readonly number[],
  current: readonly number[],
  alpha: number,
): Change | undefined {
  const all = [...baseline, ...current];
  if (all.every((value) => value > 0)) return changeOf(baseline, current, alpha);
  return all.every((value) => value === 0) ? { ratio: 1, interval: [1, 1], p: 1 } : undefined;
}
