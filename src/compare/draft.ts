import { measurableNamed, type Measurable } from '../result/index.ts';
import type { Failure } from './comparison.ts';
import type { Change } from './judge.ts';
import type { Pair } from './pair.ts';
import { isAbout, type Gate, type Policy } from './policy/index.ts';
import { partsOf, type Sample } from './sides.ts';
import { changeOrSame, unsoundness, valuesOf, type Unsound } from './values.ts';

/** Told of each scenario and target beside what is gated. */
const TOLD = [
  'endToEnd.p50',
  'endToEnd.p99',
  'endToEnd.p999',
  'acknowledge.p99',
  'delivered.rate',
  'broker.cpuSecondsPerMillion',
] as const;

/** A row before it is known how many others are gated. */
export interface Draft {
  readonly pair: Pair;
  /** undefined for one that is only told */
  readonly gate: Gate | undefined;
  readonly metric: Measurable;
  readonly phase: string | undefined;
  readonly baseline: readonly number[];
  readonly current: readonly number[];
  readonly change: Change | undefined;
  /** why there is none */
  readonly reason: string | undefined;
  /** why there is no verdict but one; undefined: there may be any */
  readonly unsound: Unsound | undefined;
  /** what that is, where a gate must not let it pass */
  readonly fails: Failure['kind'] | undefined;
}

/** What is gated of a scenario on a target, and what is told beside it as far as there is something to tell. */
export function draftsOf(pair: Pair, policy: Policy): readonly Draft[] {
  const subjects = partsOf(pair.current.scenario).flatMap((scenario) =>
    partsOf(pair.current.target).map((target) => ({ scenario, target })),
  );
  const gates = policy.gates.filter((gate) => subjects.some((subject) => isAbout(gate, subject)));
  const gated = gates.flatMap((gate) => {
    const metric = measurableNamed(gate.metric);
    return metric === undefined ? [] : [draftOf(pair, metric, gate, policy)];
  });
  const known = new Set(gates.filter(({ phase }) => phase === undefined).map(({ metric }) => metric));
  const told = toldOf(pair)
    .filter((name) => !known.has(name))
    .flatMap((name) => {
      const metric = measurableNamed(name);
      return metric === undefined ? [] : [draftOf(pair, metric, undefined, policy)];
    });
  // what nobody asked for and neither side has is no row
  return [...gated, ...told.filter(({ change, unsound }) => change !== undefined && unsound === undefined)];
}

/** Of another tool, all that it has. */
function toldOf({ baseline, current }: Pair): readonly string[] {
  const [tells] = [...baseline.campaigns, ...current.campaigns].flatMap((campaign) => campaign.tells ?? []);
  return tells === undefined ? TOLD : [...tells];
}

function draftOf(pair: Pair, metric: Measurable, gate: Gate | undefined, { alpha }: Policy): Draft {
  const before = pair.baseline.trials;
  const after = pair.current.trials;
  const phase = gate?.phase;
  const none = (reason: string, fails?: Failure['kind']): Draft => ({
    pair,
    gate,
    metric,
    phase,
    baseline: [],
    current: [],
    change: undefined,
    reason,
    unsound: undefined,
    fails: gate === undefined ? undefined : fails,
  });
  // what is counted does not hang on how fast a machine is
  const differing = pair.mismatches.filter(
    ({ aspect }) => metric.evidence === 'speed' || (aspect !== 'canary' && aspect !== 'host'),
  );
  if (differing.length > 0) return none(differing.map(({ message }) => message).join('; '));
  const silent = [...pair.baseline.campaigns, ...pair.current.campaigns].find(
    ({ tells }) => tells?.has(metric.name) === false,
  );
  if (silent !== undefined) return none(`${silent.tool.name} does not tell ${metric.name}`);
  const unsound = unsoundness(pair.baseline, pair.current, metric);
  if (unsound !== undefined && unsound.verdict !== 'regressed') return { ...none(unsound.reason), unsound };
  const [baseline, current] = [valuesOf(before, metric, phase), valuesOf(after, metric, phase)];
  if (current.length < after.length)
    return none(
      `${after.length - current.length} of ${after.length} trials have none: too few samples, or no such phase`,
      'no samples',
    );
  if (baseline.length < before.length)
    return none(`the baseline has none in ${before.length - baseline.length} of ${before.length} trials`);
  if (current.length === 0)
    return none('there are no trials', isTold(pair.current) ? undefined : 'no samples');
  if (baseline.length === 0) return none('the baseline has no trials');
  const change = changeOrSame(metric, baseline, current, alpha);
  if (change === undefined) {
    const told = fromNothing(metric, baseline, current);
    if (told === undefined) return none('there is no ratio to nothing: a value is 0 or below');
    return told.verdict === 'worse'
      ? none(told.reason, 'worse')
      : { ...none(told.reason), unsound: { reason: told.reason, verdict: 'improved' } };
  }
  return { ...none(''), baseline, current, change, reason: undefined, unsound };
}

/** Why it has no trials. */
function isTold({ failures, refused }: Sample): boolean {
  return failures.length > 0 || refused.length > 0;
}

/** Where there is no ratio, and yet no doubt: something came of nothing, or nothing is left. */
function fromNothing(
  { worse }: Measurable,
  baseline: readonly number[],
  current: readonly number[],
): { readonly verdict: 'worse' | 'better'; readonly reason: string } | undefined {
  const isNothing = (values: readonly number[]): boolean => values.every((value) => value === 0);
  if (Math.min(...baseline, ...current) < 0 || isNothing(baseline) === isNothing(current)) return undefined;
  const came = isNothing(baseline);
  return {
    verdict: came === (worse === 'higher') ? 'worse' : 'better',
    reason: came
      ? `0 in each trial of the baseline, and up to ${Math.max(...current)} now`
      : `0 now in each trial, and up to ${Math.max(...baseline)} in the baseline`,
  };
}
