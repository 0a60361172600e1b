import type { Comparable } from '../result/index.ts';
import { campaignOf } from './campaign.ts';
import type { Measured } from './comparability.ts';
import type { Comparison, Failure, Row } from './comparison.ts';
import { draftsOf, type Draft } from './draft.ts';
import { failed, pairsOf } from './pair.ts';
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
  const { pairs, notes, differing, ...before } = pairsOf(
    samplesOf(older),
    samplesOf(newer),
    policy,
    measured,
  );
  const drafts = pairs.flatMap((pair) => draftsOf(pair, policy));
  const found = [...before.failures, ...failuresOf(drafts)];
  // of what vanished, a gate may well be about nothing
  const failures = found.length > 0 ? found : unusedGates(drafts, policy);
  const rows = rowsOf(drafts, policy);
  return {
    policy,
    baseline: baseline.map(({ id }) => id),
    current: current.map(({ id }) => id),
    interleaved: measured === 'in turns',
    rows,
    failures,
    differing,
    notes: [...new Set([...older, ...newer].flatMap(({ lacks }) => lacks)), ...notes],
    outcome: outcomeOf(rows, failures, policy),
  };
}

/** Of gates that have nothing to judge where there has to be something. */
function failuresOf(drafts: readonly Draft[]): readonly Failure[] {
  return drafts.flatMap(({ pair, metric, fails, reason = '' }) =>
    fails === undefined ? [] : [failed(pair.current, fails, `${metric.name}: ${reason}`)],
  );
}

function unusedGates(drafts: readonly Draft[], { gates }: Policy): readonly Failure[] {
  const used = new Set(drafts.map(({ gate }) => gate));
  return gates
    .filter((gate) => !used.has(gate))
    .map(({ metric }) =>
      failed(
        { scenario: '-', target: '-' },
        'no samples',
        `the gate on ${metric} is about nothing that was run`,
      ),
    );
}

function outcomeOf(
  rows: readonly Row[],
  failures: readonly Failure[],
  policy: Policy,
): Comparison['outcome'] {
  const gated = rows.filter(({ tolerance }) => tolerance !== null);
  const has = (...verdicts: readonly Row['verdict'][]): boolean =>
    gated.some(({ verdict }) => verdicts.includes(verdict));
  if (failures.length > 0 || has('regressed')) return 'failed';
  if (has('not comparable', 'machine changed')) return 'undecided';
  return policy.inconclusive === 'fail' && has('inconclusive') ? 'undecided' : 'passed';
}
