import { mismatches, type Measured, type Mismatch } from './comparability.ts';
import type { Failure } from './comparison.ts';
import type { Policy } from './policy/index.ts';
import type { Sample } from './sides.ts';
import type { Trial } from './campaign.ts';

/** A scenario on a target, which both sides have. */
export interface Pair {
  readonly baseline: Sample;
  readonly current: Sample;
  /** those that the policy does not allow */
  readonly mismatches: readonly Mismatch[];
  readonly interleaved: boolean;
}

/** What is to be compared, what fails before anything is, and what else a reader has to know. */
export interface Pairs {
  readonly pairs: readonly Pair[];
  readonly failures: readonly Failure[];
  readonly notes: readonly string[];
  /** in what sides differ that may, each once */
  readonly differing: readonly Mismatch['aspect'][];
}

/** @param before by scenario and target; `after` likewise */
export function pairsOf(
  before: ReadonlyMap<string, Sample>,
  after: ReadonlyMap<string, Sample>,
  policy: Policy,
  measured: Measured,
): Pairs {
  const pairs: Pair[] = [];
  const failures: Failure[] = [];
  const notes: string[] = [];
  const differing = new Set<Mismatch['aspect']>();
  const allowed = new Set(policy.allow);
  for (const [key, baseline] of before) {
    const current = after.get(key);
    if (current === undefined) {
      failures.push(
        failed(baseline, 'vanished', 'the baseline has it, and what is compared with it does not'),
      );
      continue;
    }
    const name = `${current.scenario} on ${current.target}`;
    failures.push(...brokenTrials(baseline, current));
    const all = mismatches(baseline, current, policy, measured);
    for (const { aspect, message } of all) {
      if (!allowed.has(aspect)) continue;
      differing.add(aspect);
      notes.push(`${name}: ${message} (allowed)`);
    }
    notes.push(...notesOf(baseline, current).map((note) => `${name}: ${note}`));
    pairs.push({
      baseline,
      current,
      mismatches: all.filter(({ aspect }) => !allowed.has(aspect)),
      interleaved: measured === 'in turns',
    });
  }
  for (const [key, { scenario, target }] of after)
    if (!before.has(key)) notes.push(`${scenario} on ${target} is new: nothing to compare it with`);
  return { pairs, failures, notes, differing: [...differing] };
}

export function failed(
  { scenario, target }: Pick<Sample, 'scenario' | 'target'>,
  kind: Failure['kind'],
  message: string,
): Failure {
  return { scenario, target, kind, message };
}

/** What fails however fast it is. */
function brokenTrials(baseline: Sample, current: Sample): readonly Failure[] {
  const { trials, failures, campaigns } = current;
  const of = (kind: Failure['kind'], count: number, message: string): readonly Failure[] =>
    count === 0 ? [] : [failed(current, kind, `${count} of ${trials.length} trials: ${message}`)];
  const broken = trials.filter(({ verdict, interrupted }) => verdict === 'failed' || interrupted);
  const wrong = trials.filter(({ verdict }) => verdict === 'incorrect');
  const overloaded = trials.filter(({ verdict }) => verdict === 'overloaded');
  const wasOverloaded = baseline.trials.some(({ verdict }) => verdict === 'overloaded');
  return [
    ...failures.map((failure) => failed(current, 'failed', failure)),
    ...(campaigns.some(({ interrupted }) => interrupted)
      ? [failed(current, 'failed', 'its campaign was cut off')]
      : []),
    ...of('failed', broken.length, 'they did not run to their end'),
    ...of('incorrect', wrong.length, wrong[0]?.warnings[0] ?? 'the ledger does not balance'),
    ...of(
      'overloaded',
      wasOverloaded ? 0 : overloaded.length,
      'overloaded, and the baseline carried the load',
    ),
    ...missingTrials(current),
    ...failedChecks(baseline.trials, trials).map((message) => failed(current, 'check', message)),
  ];
}

/** Of those that were planned. What did not run to its end is told as such. */
function missingTrials(current: Sample): readonly Failure[] {
  const { trials, failures, campaigns } = current;
  const [planned] = campaigns.map(({ repeats }) => repeats);
  const there = trials.length + failures.length;
  if (planned === undefined || campaigns.length > 1 || there >= planned) return [];
  return [failed(current, 'vanished', `${there} of ${planned} trials are there`)];
}

/** Those that every trial of the baseline passed. */
function failedChecks(before: readonly Trial[], after: readonly Trial[]): readonly string[] {
  const names = [...new Set(after.flatMap(({ checks }) => checks.map(({ check }) => check)))];
  return names.flatMap((name) => {
    const fails = failuresOf(name, after);
    return fails > 0 && failuresOf(name, before) === 0
      ? [`${name}: does not hold in ${fails} of ${after.length} trials, and did in the baseline`]
      : [];
  });
}

function failuresOf(name: string, trials: readonly Trial[]): number {
  return trials.filter(({ checks }) => checks.some(({ check, passed }) => check === name && !passed)).length;
}

/** What fails nothing, and makes a reader think. */
function notesOf(baseline: Sample, current: Sample): readonly string[] {
  const checks = (sample: Sample): ReadonlySet<string> =>
    new Set(sample.trials.flatMap((trial) => trial.checks.map(({ check }) => check)));
  const now = checks(current);
  const gone = [...checks(baseline)].filter((name) => !now.has(name));
  const both = [...now].filter(
    (name) => failuresOf(name, current.trials) > 0 && failuresOf(name, baseline.trials) > 0,
  );
  const isWatched = [...baseline.campaigns, ...current.campaigns].every(({ canary }) => canary?.after);
  return [
    ...gone.map((name) => `the check ${name} is not made any more`),
    ...both.map((name) => `${name} does not hold, and did not before`),
    ...(current.trials.length < baseline.trials.length
      ? [`${current.trials.length} trials, and ${baseline.trials.length} of the baseline`]
      : []),
    ...(isWatched ? [] : ['whether the machine changed is not known: the canary was not read']),
  ];
}
