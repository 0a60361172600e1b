import type { Measurable } from '../result/index.ts';
import { isBroken } from './breakage.ts';
import type { Trial } from './campaign.ts';
import { changeOf, type Change } from './judge.ts';
import type { Sample } from './sides.ts';

/** Why trials cannot be judged by their values, and which verdict can be given all the same. */
export interface Unsound {
  readonly reason: string;
  /** `improved` whatever the values are; `regressed` where they say so; or none */
  readonly verdict: 'improved' | 'regressed' | 'none';
}

/** undefined where they can be judged by */
export function unsoundness(
  baseline: Sample,
  current: Sample,
  { evidence }: Measurable,
): Unsound | undefined {
  const [before, after] = [baseline.trials, current.trials];
  if (before.some(isBroken) || baseline.campaigns.some(({ interrupted }) => interrupted))
    return { reason: 'the baseline did not run to its end', verdict: 'none' };
  if (evidence !== 'speed') return undefined;
  const count = (trials: readonly Trial[], verdict: Trial['verdict']): number =>
    trials.filter((trial) => trial.verdict === verdict).length;
  const has = (verdict: Trial['verdict']): boolean => count([...before, ...after], verdict) > 0;
  const isMended = after.every(({ verdict }) => verdict === 'sustained');
  const broken = (['incorrect', 'overloaded'] as const).find(
    (verdict) => before.length > 0 && count(before, verdict) === before.length,
  );
  if (isMended && broken !== undefined)
    return { reason: `each trial of the baseline was ${broken}, and none is now`, verdict: 'improved' };
  const limited = (['client-limited', 'broker-throttled'] as const).find(has);
  if (limited !== undefined) {
    const told = [before, after].map((trials) => `${count(trials, limited)} of ${trials.length}`);
    return {
      reason: `${limited} were ${told.join(' trials of the baseline and ')} of the other: what they measured is no speed of the broker`,
      // a client that is late makes its side look worse than it is: what is worse than that is worse indeed
      verdict: limited === 'client-limited' && count(after, limited) === 0 ? 'regressed' : 'none',
    };
  }
  const overloaded = overload(count(before, 'overloaded') > 0, count(after, 'overloaded') > 0);
  if (overloaded !== undefined) return overloaded;
  return has('incorrect') ? { reason: 'incorrect: what is lost is not late', verdict: 'none' } : undefined;
}

function overload(before: boolean, after: boolean): Unsound | undefined {
  if (before && after)
    return {
      reason: 'overloaded before and after: at a load that is not carried, latency is how long it went on',
      verdict: 'none',
    };
  if (after) return { reason: 'overloaded, and the baseline carried the load', verdict: 'none' };
  // what piled up makes it look worse than it is, as a client does that is late
  return before
    ? { reason: 'trials of the baseline were overloaded, and none is now', verdict: 'regressed' }
    : undefined;
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

/**
 * Nothing has no ratio to nothing, and is no change. Counts of which some are nothing are compared as one more each.
 * @returns undefined where something came of nothing, or became it
 */
export function changeOrSame(
  { evidence }: Measurable,
  baseline: readonly number[],
  current: readonly number[],
  alpha: number,
): Change | undefined {
  const all = [...baseline, ...current];
  if (all.every((value) => value > 0)) return changeOf(baseline, current, alpha);
  if (all.every((value) => value === 0)) return { ratio: 1, interval: [1, 1], p: 1 };
  const isNothing = [baseline, current].some((values) => values.every((value) => value === 0));
  if (evidence === 'speed' || all.some((value) => value < 0) || isNothing) return undefined;
  const oneMore = (values: readonly number[]): readonly number[] => values.map((value) => value + 1);
  return changeOf(oneMore(baseline), oneMore(current), alpha);
}
