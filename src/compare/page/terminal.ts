import Table from 'cli-table3';
import { isGated, type Comparison, type Row } from '../comparison.ts';
import {
  CERTAINTY_HEAD,
  certaintyCells,
  failureText,
  formatChange,
  formatInterval,
  headline,
  nameOf,
  SUBJECT_HEAD,
  subjectCells,
} from './words.ts';

const HEAD = ['verdict', ...SUBJECT_HEAD, 'change', 'interval', ...CERTAINTY_HEAD];

/** For a person at a terminal: the gated rows, the others, what failed, and what to know. */
export function comparisonTable(comparison: Comparison): string {
  const { rows, failures, warnings, notes, interleaved, policy } = comparison;
  const gated = rows.filter(isGated);
  const told = rows.filter((row) => !isGated(row));
  const lines = [
    ...(gated.length === 0 ? [] : [tableOf(gated)]),
    ...(told.length === 0 ? [] : ['not gated:', tableOf(told)]),
    ...failures.map(failureText),
    ...warnings.map((each) => `warning: ${each}`),
    ...rows.flatMap((row) =>
      row.reason === null || !isGated(row)
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
      isGated(row) ? row.verdict : '-',
      ...subjectCells(row),
      row.ratio === null ? '-' : formatChange(row.ratio),
      row.interval === null ? '-' : formatInterval(row.interval),
      ...certaintyCells(row),
    ]);
  }
  return table.toString();
}
