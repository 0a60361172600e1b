import Table from 'cli-table3';
import type { Result } from '../result/index.ts';
import { CAPACITY_COLUMNS, capacityNotes, capacityRows, CURVE_COLUMNS, curveRows } from './capacity.ts';
import { deadLetterLines } from './dead-letters.ts';
import { contractPrices, PRICE_COLUMNS, PRICE_NOTE } from './contract-price.ts';
import { eventSourcingLines } from './event-sourcing.ts';
import { formatCount, formatSpan } from './format.ts';
import { shortening } from './load.ts';
import { PHASE_COLUMNS, phaseRows } from './phases.ts';
import { faultLines, recoveryLines } from './recoveries.ts';
import { SUBSCRIPTION_COLUMNS, subscriptionRows } from './subscriptions.ts';
import { sagaLines } from './sagas.ts';
import { schemaLines } from './schema-evolution.ts';
import {
  COLUMNS,
  evidence,
  failedChecks,
  groupTrials,
  legend,
  requestLines,
  row,
  stateOf,
  warningLines,
  type Group,
} from './summary.ts';

/** The result of a campaign for a terminal: a table a scenario, and what stands behind it. */
export function terminalReport(result: Result): string {
  if (result.capacities.length > 0) return capacityReport(result);
  const groups = groupTrials(result);
  const scenarios = [...new Set(groups.map((group) => group.scenario))];
  const sections = scenarios.map((scenario) =>
    section(
      result.scenarios.find(({ name }) => name === scenario) ?? { name: scenario },
      groups.filter((group) => group.scenario === scenario),
    ),
  );
  const refusals = result.refusals.map(
    ({ scenario, target, reason }) => `not run: ${scenario} on ${target}: ${reason.replaceAll('\n', ' ')}\n`,
  );
  const failures = result.failures.map(
    ({ scenario, target, repeat, error }) =>
      `failed: ${scenario} on ${target} #${repeat}: ${error.replaceAll('\n', ' ')}\n`,
  );
  const state = stateOf(result);
  return [
    [...sections, ...prices(result)].join('\n'),
    ...refusals,
    ...failures,
    state === 'complete' ? '' : `${state}\n`,
  ].join('');
}

/** Of trials at many rates only what they come to; each one is in report.md. */
function capacityReport(result: Result): string {
  return [
    table(CAPACITY_COLUMNS, 2, capacityRows(result)),
    table(CURVE_COLUMNS, 1, curveRows(result)),
    ...capacityNotes(result),
    ...groupTrials(result).flatMap((group) => (isIncorrect(group) ? warningLines(group) : [])),
    '',
  ].join('\n');
}

function isIncorrect({ trials }: Group): boolean {
  return trials.some(({ verdict }) => verdict === 'incorrect');
}

function prices(result: Result): readonly string[] {
  const rows = contractPrices(result);
  if (rows.length === 0) return [];
  return [
    ['what the contracts cost, under the same load', table(PRICE_COLUMNS, 3, rows), PRICE_NOTE, ''].join(
      '\n',
    ),
  ];
}

/** @param words how many of the columns hold words, which stand on the left */
function table(columns: readonly string[], words: number, rows: readonly (readonly string[])[]): string {
  const drawn = new Table({
    head: [...columns],
    colAligns: columns.map((_, index) => (index < words ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  });
  for (const each of rows) drawn.push([...each]);
  return drawn.toString();
}

function section(told: Result['scenarios'][number], groups: readonly Group[]): string {
  const phases = groups.flatMap(phaseRows);
  const subscriptions = groups.flatMap(subscriptionRows);
  const measured = groups[0]?.trials[0]?.measured;
  const load =
    measured === undefined
      ? ''
      : `: ${formatCount(measured.plannedRate)} messages/s for ${formatSpan(measured.seconds)}`;
  const short = shortening(told);
  const width = Math.max(...groups.map((group) => group.target.length));
  return [
    `${told.name}${load}${short === undefined ? '' : `, ${short}`}; latencies are end to end, from the planned send`,
    table(COLUMNS, 3, groups.map(row)),
    ...(phases.length === 0 ? [] : [table(PHASE_COLUMNS, 2, phases)]),
    ...(subscriptions.length === 0 ? [] : [table(SUBSCRIPTION_COLUMNS, 2, subscriptions)]),
    ...groups.flatMap(sagaLines),
    ...groups.flatMap(schemaLines),
    ...groups.flatMap(deadLetterLines),
    ...groups.flatMap(eventSourcingLines),
    ...groups.flatMap(faultLines),
    ...groups.flatMap(recoveryLines),
    ...legend(groups),
    ...groups.map((group) => `${group.target.padEnd(width)}  ${evidence(group)}`),
    ...groups.flatMap(requestLines),
    ...groups.flatMap(warningLines),
    ...groups
      .flatMap((group) => failedChecks(group, short !== undefined))
      .map((line) => `check failed: ${line}`),
    '',
  ].join('\n');
}
