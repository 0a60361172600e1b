import type { Result } from '../result/index.ts';
import { seriesOf } from './series.ts';

/**
 * Why a campaign can be no baseline; empty where it can. What was not measured soundly once is what everything would be
 * measured by from then on.
 */
export function flawsOf({
  trials,
  failures,
  refusals,
  capacities,
  interrupted,
  endedAt,
}: Result): readonly string[] {
  const unsound = trials.filter(({ verdict }) => verdict !== 'sustained');
  return [
    ...(interrupted || endedAt === null ? ['it was cut off'] : []),
    ...(trials.length === 0 ? ['it has no trial'] : []),
    ...(trials.some(({ side }) => side !== null)
      ? ['it is of mqbench ab, which has its baseline in it']
      : []),
    ...(capacities.length > 0 ? ['it is of mqbench capacity, whose trials have a load each'] : []),
    ...unsound.map(
      ({ scenario, target, repeat, verdict }) => `${scenario} on ${target} #${repeat}: ${verdict}`,
    ),
    ...trials.flatMap(({ scenario, target, repeat, checks }) =>
      checks.flatMap(({ check, passed }) =>
        passed ? [] : [`${scenario} on ${target} #${repeat}: ${check} does not hold`],
      ),
    ),
    ...failures.map(({ scenario, target, repeat, error }) => `${scenario} on ${target} #${repeat}: ${error}`),
    ...refusals.map(({ scenario, target, reason }) => `${scenario} on ${target}: ${reason}`),
  ];
}

/** Where a campaign has fewer trials than the baseline whose place it is to take, with which less would be found. */
export function thinnerThan(baseline: Result, candidate: Result): readonly string[] {
  return seriesOf(baseline).flatMap(({ scenario, target, trials }) => {
    const count = candidate.trials.filter(
      (trial) => trial.scenario === scenario && trial.target === target,
    ).length;
    return count === 0 || count >= trials.length
      ? []
      : [`${scenario} on ${target}: ${count} trials, and ${trials.length} of the baseline`];
  });
}
