import { measurableNamed } from '../result/index.ts';
import { rankSumTest } from '../stats/index.ts';
import type { Trial } from './campaign.ts';
import { failed, type Failure } from './comparison.ts';
import type { Sample } from './sides.ts';

/** What is told of a scenario on a target, however fast it is. */
interface Breakage {
  readonly failures: readonly Failure[];
  /** for which a pass is one with a warning, a line each */
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
}

/** Where the contract lets them be, they are no breach of it, and still worth a word. */
const LET = ['ledger.lost', 'ledger.duplicates', 'ledger.outOfOrder'] as const;

/** @param alpha chance of calling a share of trials larger that is not */
export function breakageOf(baseline: Sample, current: Sample, alpha: number): Breakage {
  const checks = checksOf(baseline.trials, current.trials, alpha);
  return {
    failures: [...brokenTrials(baseline, current, alpha), ...checks.failures].map(({ kind, message }) =>
      failed(current, kind, message),
    ),
    warnings: [...checks.warnings, ...letThrough(baseline.trials, current.trials)],
    notes: [
      ...checks.notes,
      ...baseline.failures.map((failure) => `of the baseline: ${failure}`),
      ...(current.refused.length > 0 ? [`refused: ${current.refused[0]}`] : []),
      ...(current.trials.length < baseline.trials.length
        ? [`${current.trials.length} trials, and ${baseline.trials.length} of the baseline`]
        : []),
      ...([...baseline.campaigns, ...current.campaigns].every(({ canary }) => canary?.after)
        ? []
        : ['whether the machine changed is not known: the canary was not read']),
    ],
  };
}

type Finding = Pick<Failure, 'kind' | 'message'>;

function brokenTrials(baseline: Sample, current: Sample, alpha: number): readonly Finding[] {
  const { trials, failures, campaigns } = current;
  const of = (kind: Failure['kind'], which: readonly Trial[], message: string): readonly Finding[] =>
    which.length === 0 ? [] : [{ kind, message: `${which.length} of ${trials.length} trials: ${message}` }];
  const wrong = trials.filter(({ verdict }) => verdict === 'incorrect');
  const more = (verdict: Trial['verdict']): readonly Trial[] =>
    isMore((trial) => trial.verdict === verdict, baseline.trials, trials, alpha)
      ? trials.filter((trial) => trial.verdict === verdict)
      : [];
  return [
    ...failures.map((message) => ({ kind: 'failed' as const, message })),
    // what can be run here and could not there is new, and what neither can run is no news
    ...(current.refused.length > 0 && baseline.trials.length > 0
      ? [{ kind: 'vanished' as const, message: `refused: ${current.refused[0]}` }]
      : []),
    ...(campaigns.some(({ interrupted }) => interrupted)
      ? [{ kind: 'failed' as const, message: 'its campaign was cut off' }]
      : []),
    ...of('failed', trials.filter(isBroken), 'they did not run to their end'),
    ...of('incorrect', wrong, wrong[0]?.warnings[0] ?? 'the ledger does not balance'),
    ...of('overloaded', more('overloaded'), 'overloaded, and the baseline carried the load, or more often'),
    ...of(
      'throttled',
      more('broker-throttled'),
      'the broker held the producers back, more often than in the baseline',
    ),
    ...missingTrials(current),
  ];
}

export function isBroken({ verdict, interrupted }: Trial): boolean {
  return verdict === 'failed' || interrupted;
}

/** Of those that were planned. What did not run to its end is told as such. */
function missingTrials({ trials, failures, refused, campaigns }: Sample): readonly Finding[] {
  const [planned] = campaigns.map(({ repeats }) => repeats);
  if (planned === undefined || campaigns.length > 1 || failures.length > 0 || refused.length > 0) return [];
  return trials.length >= planned
    ? []
    : [{ kind: 'vanished', message: `${trials.length} of ${planned} planned trials are there` }];
}

/** Whether more trials do than did: any where none did, and else by more than chance makes of so few. */
function isMore(
  does: (trial: Trial) => boolean,
  before: readonly Trial[],
  after: readonly Trial[],
  alpha: number,
): boolean {
  const [was, is] = [before, after].map((trials) => trials.map((trial) => (does(trial) ? 1 : 0)));
  if (was === undefined || is === undefined || was.length === 0 || is.every((each) => each === 0))
    return false;
  if (was.every((each) => each === 0)) return true;
  const share = (values: readonly number[]): number =>
    values.reduce<number>((sum, value) => sum + value, 0) / values.length;
  return share(is) > share(was) && rankSumTest(was, is).p <= alpha;
}

function checksOf(
  before: readonly Trial[],
  after: readonly Trial[],
  alpha: number,
): {
  readonly failures: readonly Finding[];
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
} {
  const [had, has] = [before, after].map(
    (trials) => new Set(trials.flatMap(({ checks }) => checks.map(({ check }) => check))),
  );
  const failures: Finding[] = [];
  const notes: string[] = [];
  for (const name of has ?? []) {
    const fails = ({ checks }: Trial): boolean =>
      checks.some(({ check, passed }) => check === name && !passed);
    const count = after.filter(fails).length;
    if (count === 0) continue;
    const message = `${name}: does not hold in ${count} of ${after.length} trials, and ${had?.has(name) === true ? `in ${before.filter(fails).length} of ${before.length} of the baseline` : 'is new'}`;
    if (isMore(fails, before, after, alpha)) failures.push({ kind: 'check', message });
    else notes.push(message);
  }
  const gone = [...(had ?? [])].filter((name) => has?.has(name) !== true);
  return { failures, notes, warnings: gone.map((name) => `the check ${name} is not made any more`) };
}

/** What was nothing, and is something now, in trials that are sound by their contract. */
function letThrough(before: readonly Trial[], after: readonly Trial[]): readonly string[] {
  return LET.flatMap((name) => {
    const metric = measurableNamed(name);
    if (metric === undefined) return [];
    const most = (trials: readonly Trial[]): number =>
      Math.max(0, ...trials.map((trial) => trial.valueOf(metric, undefined) ?? 0));
    return most(before) === 0 && most(after) > 0
      ? [`${name}: 0 in each trial of the baseline, and up to ${most(after)} now, which the contract lets be`]
      : [];
  });
}
