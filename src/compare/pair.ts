import { breakageOf } from './breakage.ts';
import { mismatches, type Measured, type Mismatch } from './comparability.ts';
import { failed, type Failure } from './comparison.ts';
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
  /** for which a pass is one with a warning */
  readonly warnings: readonly string[];
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
  const warnings: string[] = [];
  const notes: string[] = [];
  const differing = new Set<Mismatch['aspect']>();
  const allowed = new Set(policy.allow);
  for (const [key, baseline] of before) {
    const current = after.get(key);
    if (current === undefined) {
      if (baseline.trials.length > 0)
        failures.push(
          failed(baseline, 'vanished', 'the baseline has it, and what is compared with it does not'),
        );
      continue;
    }
    const name = `${current.scenario} on ${current.target}`;
    const breakage = breakageOf(baseline, current, policy.alpha);
    failures.push(...breakage.failures);
    warnings.push(...breakage.warnings.map((each) => `${name}: ${each}`));
    const all = mismatches(baseline, current, policy, measured);
    for (const { aspect, message } of all) {
      if (!allowed.has(aspect)) continue;
      differing.add(aspect);
      notes.push(`${name}: ${message} (allowed)`);
    }
    notes.push(...breakage.notes.map((each) => `${name}: ${each}`));
    // what neither could run is told, and there is nothing to compare
    if (baseline.trials.length === 0 && current.trials.length === 0) continue;
    pairs.push({
      baseline,
      current,
      mismatches: all.filter(({ aspect }) => !allowed.has(aspect)),
      interleaved: measured === 'in turns',
    });
  }
  for (const [key, { scenario, target }] of after)
    if (!before.has(key)) notes.push(`${scenario} on ${target} is new: nothing to compare it with`);
  return { pairs, failures, warnings, notes, differing: [...differing] };
}
