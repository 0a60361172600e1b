import type { Result } from '../result/index.ts';
import { table } from './markdown-table.ts';

/** What has no row in any table: what a target refused, and trials that broke. */
export function notRun({ refusals, failures }: Result): readonly string[] {
  const refused = refusals.map(({ scenario, target, reason }) => [scenario, target, reason]);
  const failed = failures.map((each) => [String(each.position), each.scenario, each.target, each.error]);
  return [
    ...section('Not run', ['scenario', 'target', 'reason'], refused),
    ...section('Trials that failed', ['trial', 'scenario', 'target', 'error'], failed),
  ];
}

function section(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  return rows.length === 0 ? [] : [`## ${title}`, '', ...table(columns, rows), ''];
}
