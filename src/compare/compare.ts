import { measurableNamed, type Comparable, type Measurable } from '../result/index.ts';
import { holm, variationWithin } from '../stats/index.ts';
import { campaignOf } from './campaign.ts';
import { isOneCampaign, mismatches, type Mismatch } from './comparability.ts';
import type { Comparison, Failure, Row } from './comparison.ts';
import { verdictOf, type Change } from './judge.ts';
import { smallestFound, repeatsFor } from './plan.ts';
import type { Gate, Policy } from './policy.ts';
import { samplesOf, type Sample } from './sides.ts';
import { changeOrSame, soundness, valuesOf } from './values.ts';

/** Told of each scenario and target beside what is gated. */
const TOLD = [
  'endToEnd.p50',
  'endToEnd.p99',
  'endToEnd.p999',
  'acknowledge.p99',
  'delivered.rate',
  'broker.cpuSecondsPerMillion',
] as const;

/** A scenario on a target, as far as both sides have it. */
interface Pair {
  readonly baseline: Sample;
  readonly current: Sample;
  readonly mismatches: readonly Mismatch[];
  readonly interleaved: boolean;
}

/** A row before it is known how many others are gated. */
interface Draft {
  readonly pair: Pair;
  readonly gate: Gate | undefined;
  readonly metric: Measurable;
  readonly phase: string | undefined;
  readonly baseline: readonly number[];
  readonly current: readonly number[];
  readonly change: Change | undefined;
  /** why there is none */
  readonly reason: string | undefined;
}

/**
 * Compares what two sides measured, scenario by scenario and target by target. The unit is the trial: each has one value
 * of a metric, and never a message.
 */
export function compare(
  baseline: readonly Comparable[],
  current: readonly Comparable[],
  policy: Policy,
): Comparison {
  return new Comparer(policy).compare(baseline, current);
}

class Comparer {
  readonly #policy: Policy;
  readonly #failures: Failure[] = [];
  readonly #notes: string[] = [];

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  compare(baseline: readonly Comparable[], current: readonly Comparable[]): Comparison {
    const [older, newer] = [baseline.map(campaignOf), current.map(campaignOf)];
    const [before, after] = [samplesOf(older), samplesOf(newer)];
    this.#notes.push(...new Set([...older, ...newer].flatMap(({ lacks }) => lacks)));
    const pairs = [...before].flatMap(([key, sample]) => {
      const other = after.get(key);
      if (other === undefined) {
        this.#fail(sample, 'vanished', 'the baseline has it, and what is compared with it does not');
        return [];
      }
      return [this.#pair(sample, other)];
    });
    for (const [key, sample] of after)
      if (!before.has(key))
        this.#notes.push(`${sample.scenario} on ${sample.target} is new: nothing to compare it with`);
    const drafts = pairs.flatMap((pair) => this.#drafts(pair));
    this.#tellUnusedGates(drafts);
    const rows = this.#judged(drafts);
    return {
      policy: this.#policy,
      baseline: baseline.map(({ id }) => id),
      current: current.map(({ id }) => id),
      interleaved: pairs.length > 0 && pairs.every(({ interleaved }) => interleaved),
      rows: rows.toSorted(
        (a, b) =>
          RANK[a.verdict] - RANK[b.verdict] || Number(b.tolerance !== null) - Number(a.tolerance !== null),
      ),
      failures: this.#failures,
      notes: this.#notes,
      outcome: outcomeOf(rows, this.#failures, this.#policy),
    };
  }

  #pair(baseline: Sample, current: Sample): Pair {
    for (const failure of current.failures) this.#fail(current, 'failed', failure);
    const broken = current.trials.filter(({ verdict, interrupted }) => verdict === 'failed' || interrupted);
    if (broken.length > 0)
      this.#fail(
        current,
        'failed',
        `${broken.length} of ${current.trials.length} trials did not run to their end`,
      );
    const wrong = current.trials.filter(({ verdict }) => verdict === 'incorrect');
    if (wrong.length > 0)
      this.#fail(
        current,
        'incorrect',
        `${wrong.length} of ${current.trials.length} trials: ${wrong[0]?.warnings[0] ?? 'the ledger does not balance'}`,
      );
    const allowed = new Set(this.#policy.allow);
    const all = mismatches(baseline, current, this.#policy);
    for (const { aspect, message } of all)
      if (allowed.has(aspect))
        this.#notes.push(`${current.scenario} on ${current.target}: ${message} (allowed)`);
    return {
      baseline,
      current,
      mismatches: all.filter(({ aspect }) => !allowed.has(aspect)),
      interleaved: isOneCampaign(baseline, current),
    };
  }

  #drafts(pair: Pair): readonly Draft[] {
    const { scenario, target } = pair.current;
    const gates = this.#policy.gates.filter(
      ({ scenarios, targets }) =>
        (scenarios?.includes(scenario) ?? true) && (targets?.includes(target) ?? true),
    );
    const gated = gates.flatMap((gate) => {
      const metric = measurableNamed(gate.metric);
      return metric === undefined ? [] : [this.#draft(pair, metric, gate.phase, gate)];
    });
    const known = new Set(gates.filter(({ phase }) => phase === undefined).map(({ metric }) => metric));
    const told = toldOf(pair)
      .filter((name) => !known.has(name))
      .flatMap((name) => {
        const metric = measurableNamed(name);
        return metric === undefined ? [] : [this.#draft(pair, metric, undefined, undefined)];
      });
    // what nobody asked for and neither side has is no row
    return [...gated, ...told.filter((draft) => draft.change !== undefined)];
  }

  #draft(pair: Pair, metric: Measurable, phase: string | undefined, gate: Gate | undefined): Draft {
    const { trials: before } = pair.baseline;
    const { trials: after } = pair.current;
    const base = { pair, gate, metric, phase };
    const none = (reason: string, fails?: Failure['kind']): Draft => {
      if (fails !== undefined && gate !== undefined)
        this.#fail(pair.current, fails, `${metric.name}: ${reason}`);
      return { ...base, baseline: [], current: [], change: undefined, reason };
    };
    if (pair.mismatches.length > 0) return none(pair.mismatches.map(({ message }) => message).join('; '));
    const silent = [pair.baseline, pair.current]
      .flatMap(({ campaigns }) => campaigns)
      .find(({ tells }) => tells?.has(metric.name) === false);
    if (silent !== undefined) return none(`${silent.tool.name} does not tell ${metric.name}`);
    const unsound = soundness(before, after, metric);
    if (unsound !== undefined) return none(unsound.reason, unsound.fails);
    const [baseline, current] = [valuesOf(before, metric, phase), valuesOf(after, metric, phase)];
    if (current.length < after.length)
      return none(
        `${after.length - current.length} of ${after.length} trials have none: too few samples, or no such phase`,
        'no samples',
      );
    if (baseline.length < before.length)
      return none(`the baseline has none in ${before.length - baseline.length} of ${before.length} trials`);
    if (baseline.length === 0 || current.length === 0) return none('there are no trials', 'no samples');
    const change = changeOrSame(baseline, current, this.#policy.alpha);
    if (change === undefined) return none('there is no ratio to nothing: a value is 0 or below');
    return { ...base, baseline, current, change, reason: undefined };
  }

  #judged(drafts: readonly Draft[]): readonly Row[] {
    const gated = drafts.filter(({ gate, change }) => gate !== undefined && change !== undefined);
    const adjusted = new Map(gated.map((draft, index) => [draft, index]));
    const ps = holm(gated.map(({ change }) => change?.p ?? 1));
    const needed = repeatsFor(gated.length, this.#policy.alpha);
    return drafts.map((draft) => {
      const index = adjusted.get(draft);
      return this.#row(draft, index === undefined ? undefined : (ps[index] ?? 1), gated.length, needed);
    });
  }

  #row(draft: Draft, adjustedP: number | undefined, gatedRows: number, needed: number): Row {
    const { pair, gate, metric, phase, baseline, current, change, reason } = draft;
    const { alpha, separate } = this.#policy;
    const tolerance = gate === undefined ? null : gate.tolerance * (pair.interleaved ? 1 : separate);
    const sizes = { base: baseline.length, current: current.length };
    const found =
      change === undefined
        ? undefined
        : smallestFound(sizes, variationWithin(baseline, current), Math.max(1, gatedRows), this.#policy);
    const verdict =
      change === undefined
        ? whyNot(pair.mismatches)
        : verdictOf(change, adjustedP ?? change.p, { worse: metric.worse, tolerance: tolerance ?? 0, alpha });
    const few = change !== undefined && gate !== undefined && Math.min(sizes.base, sizes.current) < needed;
    return {
      scenario: pair.current.scenario,
      target: pair.current.target,
      phase: phase ?? null,
      metric: metric.name,
      unit: metric.unit,
      worse: metric.worse,
      tolerance,
      baseline,
      current,
      ratio: change?.ratio ?? null,
      interval: change?.interval ?? null,
      p: change?.p ?? null,
      adjustedP: adjustedP ?? null,
      smallest: found === undefined ? null : (1 + (tolerance ?? 0)) * (1 + found) - 1,
      verdict,
      reason:
        reason ??
        (few
          ? `${sizes.base} against ${sizes.current} trials cannot show anything of ${gatedRows} gated rows: ${needed} of each are needed`
          : null),
    };
  }

  #tellUnusedGates(drafts: readonly Draft[]): void {
    for (const gate of this.#policy.gates)
      if (!drafts.some((draft) => draft.gate === gate))
        this.#failures.push({
          scenario: '-',
          target: '-',
          kind: 'no samples',
          message: `the gate on ${gate.metric} is about nothing that was run`,
        });
  }

  #fail({ scenario, target }: Sample, kind: Failure['kind'], message: string): void {
    this.#failures.push({ scenario, target, kind, message });
  }
}

const RANK = {
  regressed: 0,
  'not comparable': 1,
  'machine changed': 2,
  inconclusive: 3,
  improved: 4,
  equivalent: 5,
} as const;

/** Where nothing differs but the machine, it is that. */
function whyNot(mismatches: readonly Mismatch[]): 'machine changed' | 'not comparable' {
  return mismatches.length > 0 && mismatches.every(({ aspect }) => aspect === 'canary')
    ? 'machine changed'
    : 'not comparable';
}

/** What is told beside what is gated: of another tool, all that it has. */
function toldOf({ baseline, current }: Pair): readonly string[] {
  const [tells] = [...baseline.campaigns, ...current.campaigns].flatMap((campaign) => campaign.tells ?? []);
  return tells === undefined ? TOLD : [...tells];
}

function outcomeOf(
  rows: readonly Row[],
  failures: readonly Failure[],
  policy: Policy,
): Comparison['outcome'] {
  const gated = rows.filter(({ tolerance }) => tolerance !== null);
  if (failures.length > 0 || gated.some(({ verdict }) => verdict === 'regressed')) return 'failed';
  if (gated.some(({ verdict }) => verdict === 'not comparable' || verdict === 'machine changed'))
    return 'undecided';
  return policy.inconclusive === 'fail' && gated.some(({ verdict }) => verdict === 'inconclusive')
    ? 'undecided'
    : 'passed';
}
