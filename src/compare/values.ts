import type { Measurable } from '../result/index.ts';
import type { Trial } from './campaign.ts';
import { changeOf, type Change } from './judge.ts';

/** Why speeds of trials cannot be judged by, and which verdict can be given all the same. */
interface Unsound {
  readonly reason: string;
  readonly unless: 'regressed' | undefined;
}

/** undefined where speeds can be judged by */
export function unsoundness(
  before: readonly Trial[],
  after: readonly Trial[],
  { evidence }: Measurable,
): Unsound | undefined {
  if (evidence !== 'speed') return undefined;
  const count = (trials: readonly Trial[], verdict: Trial['verdict']): number =>
    trials.filter((trial) => trial.verdict === verdict).length;
  const has = (verdict: Trial['verdict']): boolean => count([...before, ...after], verdict) > 0;
  const limited = (['client-limited', 'broker-throttled'] as const).find(has);
  if (limited !== undefined) {
    const told = [before, after].map((trials) => `${count(trials, limited)} of ${trials.length}`);
    return {
      reason: `${limited} were ${told.join(' trials of the baseline and ')} of the other: what they measured is no speed of the broker`,
      // a client that is late makes its side look worse than it is: what is worse than that is worse indeed
      unless: limited === 'client-limited' && count(after, limited) === 0 ? 'regressed' : undefined,
    };
  }
  const reason = overload(count(before, 'overloaded') > 0, count(after, 'overloaded') > 0);
  if (reason !== undefined) return { reason, unless: undefined };
  return has('incorrect') ? { reason: 'incorrect: what is lost is not late', unless: undefined } : undefined;
}

function overload(before: boolean, after: boolean): string | undefined {
  if (before && after)
    return 'overloaded before and after: at a load that is not carried, latency is how long it went on';
  if (after) return 'overloaded, and the baseline carried the load';
  return before ? 'the baseline was overloaded, and this is not' : undefined;
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
