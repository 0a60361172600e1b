import type { TrialResult } from '../result/index.ts';
import { formatCount, formatMs, formatRate } from './format.ts';
import { marks, spread, type Group } from './summary.ts';

export const PHASE_COLUMNS = [
  'target',
  'phase',
  'planned/s',
  'delivered/s',
  'p50 ms',
  'p99 ms',
  'max ms',
  'peak backlog',
  'backlog grew/s',
] as const;

type Phase = TrialResult['phases'][number];

/** A row a measured phase; none where there is but one, which the table of targets tells all about. */
export function phaseRows(group: Group): readonly (readonly string[])[] {
  const [first] = group.trials;
  const names = (first?.phases ?? []).filter(({ warmup }) => !warmup).map(({ name }) => name);
  if (first === undefined || names.length < 2) return [];
  return names.map((name) => {
    const of = (trials: readonly TrialResult[], value: (phase: Phase) => number | null): (number | null)[] =>
      trials.map((trial) => {
        const phase = trial.phases.find((each) => each.name === name);
        return phase === undefined ? null : value(phase);
      });
    // as in the table of targets: a latency of a trial that was not sustained measures something else
    const sound = group.trials.filter(({ verdict }) => verdict === 'sustained');
    return [
      `${group.target}${marks(first)}`,
      name,
      spread(
        of([first], ({ plannedRate }) => plannedRate),
        formatRate,
      ),
      spread(
        of(group.trials, ({ deliveredRate }) => deliveredRate),
        formatRate,
      ),
      spread(
        of(sound, ({ latency }) => latency.endToEnd.p50Us),
        formatMs,
      ),
      spread(
        of(sound, ({ latency }) => latency.endToEnd.p99Us),
        formatMs,
      ),
      spread(
        of(sound, ({ latency }) => latency.endToEnd.maxUs),
        formatMs,
      ),
      spread(
        of(group.trials, ({ backlogPeak }) => backlogPeak),
        formatCount,
      ),
      spread(
        of(group.trials, ({ backlogSlope }) => backlogSlope),
        formatCount,
      ),
    ];
  });
}
