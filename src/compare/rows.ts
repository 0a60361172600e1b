import { holm, variationWithin } from '../stats/index.ts';
import type { Row } from './comparison.ts';
import type { Draft } from './draft.ts';
import { verdictOf } from './judge.ts';
import { repeatsFor, smallestFound, type Policy } from './policy/index.ts';

const RANK: Readonly<Record<Row['verdict'], number>> = {
  regressed: 0,
  'not comparable': 1,
  'machine changed': 2,
  inconclusive: 3,
  improved: 4,
  equivalent: 5,
  'not gated': 6,
};

/** Of a draft of which nothing is to be judged. */
const NOTHING = { baseline: [], current: [], change: undefined, unsound: undefined } as const;

/** How many rows are gated, and what that asks of their trials. */
interface Family {
  readonly rows: number;
  readonly repeats: number;
}

/** The verdict on each, the worst first: those that are gated share the chance of a false alarm. */
export function rowsOf(drafts: readonly Draft[], policy: Policy): readonly Row[] {
  const gated = drafts.filter(({ gate, change }) => gate !== undefined && change !== undefined);
  const ps = holm(gated.map(({ change }) => change?.p ?? 1));
  const adjusted = new Map(gated.map((draft, index) => [draft, ps[index] ?? 1]));
  const family = { rows: gated.length, repeats: repeatsFor(gated.length, policy.alpha) };
  return drafts
    .map((draft) => rowOf(draft, adjusted.get(draft), family, policy))
    .toSorted((a, b) => RANK[a.verdict] - RANK[b.verdict]);
}

function rowOf(draft: Draft, adjustedP: number | undefined, family: Family, policy: Policy): Row {
  const { pair, gate, metric, phase, baseline, current, change, unsound } = draft;
  const { alpha, separate } = policy;
  const tolerance = gate === undefined ? null : gate.tolerance * (pair.interleaved ? 1 : separate);
  const verdict =
    change === undefined
      ? withoutChange(draft)
      : verdictOf(change, adjustedP ?? change.p, { worse: metric.worse, tolerance: tolerance ?? 0, alpha });
  // what it is then, is not known, and neither by how much it changed
  if (change !== undefined && unsound !== undefined && verdict !== 'regressed')
    return rowOf({ ...draft, ...NOTHING, reason: unsound.reason }, undefined, family, policy);
  const sizes = { base: baseline.length, current: current.length };
  const found =
    change === undefined
      ? undefined
      : smallestFound(sizes, variationWithin(baseline, current), Math.max(1, family.rows), policy);
  const isFew = Math.min(sizes.base, sizes.current) < family.repeats;
  const powerless = gate !== undefined && change !== undefined && isFew && verdict === 'inconclusive';
  const few = `${sizes.base} against ${sizes.current} trials cannot show anything of ${family.rows} gated row${family.rows === 1 ? '' : 's'}: ${family.repeats} of each are needed`;
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
    verdict: gate === undefined ? 'not gated' : verdict,
    powerless,
    reason: remark(draft, powerless ? few : null),
  };
}

/** What numbers do not say. @param few that so few trials can show nothing */
function remark({ reason, unsound, baseline, current }: Draft, few: string | null): string | null {
  if (reason !== undefined) return reason;
  if (unsound !== undefined) return `at least so much: ${unsound.reason}`;
  return (
    few ??
    (Math.min(...baseline, ...current) === 0
      ? 'counts of which some are 0: the ratio is of one more each'
      : null)
  );
}

function withoutChange({ unsound, pair }: Draft): 'improved' | 'machine changed' | 'not comparable' {
  if (unsound?.verdict === 'improved') return 'improved';
  // where nothing differs but the machine, it is that
  return pair.mismatches.length > 0 && pair.mismatches.every(({ aspect }) => aspect === 'canary')
    ? 'machine changed'
    : 'not comparable';
}
