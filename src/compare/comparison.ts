import type { Verdict } from './judge.ts';
import type { Aspect, Policy } from './policy/index.ts';

/** A metric of a scenario on a target, on both sides. */
export interface Row {
  readonly scenario: string;
  readonly target: string;
  /** null: all that is measured */
  readonly phase: string | null;
  readonly metric: string;
  readonly unit: string;
  readonly worse: 'higher' | 'lower';
  /** null for one that is only told */
  readonly tolerance: number | null;
  /** a value of each trial, in the metric's own unit */
  readonly baseline: readonly number[];
  readonly current: readonly number[];
  readonly ratio: number | null;
  readonly interval: readonly [low: number, high: number] | null;
  readonly p: number | null;
  /** corrected for all gated rows */
  readonly adjustedP: number | null;
  /** the smallest change that so many trials, varying as these do, would have shown, as a share */
  readonly smallest: number | null;
  readonly verdict: Verdict | 'not gated';
  /** too few trials for any change, however large, to be called one */
  readonly powerless: boolean;
  /** why it is not comparable, inconclusive or regressed, where numbers do not say */
  readonly reason: string | null;
}

/** Whether a policy is about it; all others are told. */
export function isGated({ tolerance }: Row): boolean {
  return tolerance !== null;
}

/** What fails whatever the speed. */
export interface Failure {
  readonly scenario: string;
  readonly target: string;
  readonly kind:
    | 'incorrect'
    | 'vanished'
    | 'no samples'
    | 'failed'
    | 'overloaded'
    | 'throttled'
    | 'check'
    | 'worse';
  readonly message: string;
}

export interface Comparison {
  readonly policy: Policy;
  /** ids of campaigns */
  readonly baseline: readonly string[];
  readonly current: readonly string[];
  readonly interleaved: boolean;
  /** the worst first */
  readonly rows: readonly Row[];
  readonly failures: readonly Failure[];
  /** in what the sides differ though they are compared, since that was asked for */
  readonly differing: readonly Aspect[];
  /** for which a pass is one with a warning */
  readonly warnings: readonly string[];
  /** what else a reader has to know */
  readonly notes: readonly string[];
  readonly outcome: 'passed' | 'failed' | 'undecided';
}

export function failed(
  { scenario, target }: Pick<Failure, 'scenario' | 'target'>,
  kind: Failure['kind'],
  message: string,
): Failure {
  return { scenario, target, kind, message };
}
