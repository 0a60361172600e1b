import type { Result } from '../result/index.ts';

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
    ...failures.map(({ scenario, target, repeat, error }) => `${scenario} on ${target} #${repeat}: ${error}`),
    ...refusals.map(({ scenario, target, reason }) => `${scenario} on ${target}: ${reason}`),
  ];
}
