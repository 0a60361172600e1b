import type { Comparable } from '../result/index.ts';
import { campaignOf } from './campaign.ts';
import type { Measured } from './comparability.ts';
import { failed, isGated, type Comparison, type Failure, type Row } from './comparison.ts';
import { draftsOf, type Draft } from './draft.ts';
import { pairsOf } from './pair.ts';
import { nameOf } from './page/words.ts';
import type { Policy } from './policy/index.ts';
import { rowsOf } from './rows.ts';
import { samplesOf } from './sides.ts';

/**
 * Compares what two sides measured, scenario by scenario and target by target. The unit is the trial: each has one value
 * of a metric, and never a message.
 * @param measured whether the two are the sides of one campaign
 */
export function compare(
  baseline: readonly Comparable[],
  current: readonly Comparable[],
  policy: Policy,
  measured: Measured = 'apart',
): Comparison {
  const [older, newer] = [baseline.map(campaignOf), current.map(campaignOf)];
  const { pairs, notes, warnings, differing, ...before } = pairsOf(
    samplesOf(older),
    samplesOf(newer),
    policy,
    measured,
  );
  const drafts = pairs.flatMap((pair) => draftsOf(pair, policy));
  const failures = [...before.failures, ...failuresOf(drafts)];
  const rows = rowsOf(drafts, policy);
  return {
    policy,
    baseline: baseline.map(({ id }) => id),
    current: current.map(({ id }) => id),
    interleaved: measured === 'in turns',
    rows,
    failures,
    differing,
    warnings: [...warnings, ...unusedGates(drafts, policy)],
    notes: [...new Set([...older, ...newer].flatMap(({ lacks }) => lacks)), ...notes],
    outcome: outcomeOf(rows, failures, policy),
  };
}

/** Of gates that have nothing to judge where there has to be something. */
function failuresOf(drafts: readonly Draft[]): readonly Failure[] {
  return drafts.flatMap(({ pair, metric, phase, fails, reason = '' }) =>
    fails === undefined
      ? []
      : [failed(pair.current, fails, `${nameOf({ metric: metric.name, phase: phase ?? null })}: ${reason}`)],
  );
}

/** They may be of another campaign, or about what is no more. */
function unusedGates(drafts: readonly Draft[], { gates }: Policy): readonly string[] {
  const used = new Set(drafts.map(({ gate }) => gate));
  return gates
    .filter((gate) => !used.has(gate))
    .map(({ metric, scenarios, targets }) => {
      const names = [...(scenarios ?? []), ...(targets ?? [])].join(', ');
      return `the gate on ${metric}${names === '' ? '' : ` of ${names}`} is about nothing that was run`;
    });
}

function outcomeOf(
  rows: readonly Row[],
  failures: readonly Failure[],
  policy: Policy,
): Comparison['outcome'] {
  const gated = rows.filter(isGated);
  const has = (...verdicts: readonly Row['verdict'][]): boolean =>
    gated.some(({ verdict }) => verdicts.includes(verdict));
  if (failures.length > 0 || has('regressed')) return 'failed';
  // a gate that no change could close is not open to a policy
  if (gated.length === 0 || gated.some(({ powerless }) => powerless)) return 'undecided';
  if (has('not comparable', 'machine changed')) return 'undecided';
  return policy.inconclusive === 'fail' && has('inconclusive') ? 'undecided' : 'passed';
}
