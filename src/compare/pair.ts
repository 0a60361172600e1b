import { isOneCampaign, mismatches, type Mismatch } from './comparability.ts';
import type { Failure } from './comparison.ts';
import type { Policy } from './policy/index.ts';
import type { Sample } from './sides.ts';

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
}

/** @param before by scenario and target; `after` likewise */
export function pairsOf(
  before: ReadonlyMap<string, Sample>,
  after: ReadonlyMap<string, Sample>,
  policy: Policy,
): Pairs {
  const pairs: Pair[] = [];
  const failures: Failure[] = [];
  const notes: string[] = [];
  const allowed = new Set(policy.allow);
  for (const [key, baseline] of before) {
    const current = after.get(key);
    if (current === undefined) {
      failures.push(
        failed(baseline, 'vanished', 'the baseline has it, and what is compared with it does not'),
      );
      continue;
    }
    failures.push(...brokenTrials(current));
    const all = mismatches(baseline, current, policy);
    for (const { aspect, message } of all)
      if (allowed.has(aspect)) notes.push(`${current.scenario} on ${current.target}: ${message} (allowed)`);
    pairs.push({
      baseline,
      current,
      mismatches: all.filter(({ aspect }) => !allowed.has(aspect)),
      interleaved: isOneCampaign(baseline, current),
    });
  }
  for (const [key, { scenario, target }] of after)
    if (!before.has(key)) notes.push(`${scenario} on ${target} is new: nothing to compare it with`);
  return { pairs, failures, notes };
}

export function failed(
  { scenario, target }: Pick<Sample, 'scenario' | 'target'>,
  kind: Failure['kind'],
  message: string,
): Failure {
  return { scenario, target, kind, message };
}

/** What fails however fast it is. */
function brokenTrials(current: Sample): readonly Failure[] {
  const { trials, failures } = current;
  const broken = trials.filter(({ verdict, interrupted }) => verdict === 'failed' || interrupted);
  const wrong = trials.filter(({ verdict }) => verdict === 'incorrect');
  const [first] = wrong;
  return [
    ...failures.map((failure) => failed(current, 'failed', failure)),
    ...(broken.length === 0
      ? []
      : [failed(current, 'failed', `${broken.length} of ${trials.length} trials did not run to their end`)]),
    ...(first === undefined
      ? []
      : [
          failed(
            current,
            'incorrect',
            `${wrong.length} of ${trials.length} trials: ${first.warnings[0] ?? 'the ledger does not balance'}`,
          ),
        ]),
  ];
}
