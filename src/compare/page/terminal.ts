import Table from 'cli-table3';
import type { Comparison, Row } from '../comparison.ts';
import { certaintyCells, failureText, formatChange, headline, nameOf, subjectCells } from './words.ts';

const HEAD = [
  'verdict',
  'scenario',
  'target',
  'metric',
  'baseline',
  'current',
  'change',
  'interval',
  'p',
  'could find',
];

/** For a person at a terminal: the gated rows, the others, what failed, and what to know. */
export function comparisonTable(comparison: Comparison): string {
  const { rows, failures, warnings, notes, interleaved, policy } = comparison;
  const gated = rows.filter(({ tolerance }) => tolerance !== null);
  const told = rows.filter(({ tolerance }) => tolerance === null);
  const lines = [
    ...(gated.length === 0 ? [] : [tableOf(gated)]),
    ...(told.length === 0 ? [] : ['not gated:', tableOf(told)]),
    ...failures.map(failureText),
    ...warnings.map((each) => `warning: ${each}`),
    ...rows.flatMap((row) =>
      row.reason === null || row.tolerance === null
        ? []
        : [`${row.verdict}: ${row.scenario} on ${row.target}, ${nameOf(row)}: ${row.reason}`],
    ),
    ...(interleaved || rows.length === 0
      ? []
      : [
          `not interleaved: what the machine did between the two is within the difference, so that tolerances count ${policy.separate}-fold`,
        ]),
    ...notes,
    headline(comparison),
  ];
  return `${lines.join('\n')}\n`;
}

function tableOf(rows: readonly Row[]): string {
  const table = new Table({ head: HEAD, style: { head: [], border: [], compact: true } });
  for (const row of rows) {
    table.push([
      row.tolerance === null ? '-' : row.verdict,
      ...subjectCells(row),
      row.ratio === null ? '-' : formatChange(row.ratio),
      row.interval === null ? '-' : row.interval.map(formatChange).join(' to '),
      ...certaintyCells(row),
    ]);
  }
  return table.toString();
}
