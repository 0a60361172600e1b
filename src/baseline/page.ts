import Table from 'cli-table3';
import { formatMetric } from '../report/index.ts';
import { measurableNamed, valueOfTrial, type TrialResult } from '../result/index.ts';
import { median } from '../stats/index.ts';
import { seriesOf } from './series.ts';
import type { BaselineResult } from './store.ts';

/** Who keeps which campaign, since when, and why. */
export function baselineTable(baselines: readonly BaselineResult[]): string {
  if (baselines.length === 0) return '';
  const head = ['name', 'campaign', 'saved', 'by', 'commit', 'branch', 'why'];
  return tableOf(
    head,
    baselines.map(({ id, baseline: { name, savedAt, by, commit, branch, why } }) => [
      name,
      id,
      savedAt.slice(0, 16).replace('T', ' '),
      by,
      commit?.slice(0, 12) ?? '-',
      branch ?? '-',
      why ?? '-',
    ]),
  );
}

/** What was measured: medians of the trials, and between which they lie. */
export function measuredTable(baseline: BaselineResult): string {
  const head = ['scenario', 'target', 'trials', 'p50', 'p99', 'delivered'];
  return tableOf(
    head,
    seriesOf(baseline).map(({ scenario, target, trials }) => [
      scenario,
      target,
      String(trials.length),
      rangeOf('endToEnd.p50', trials),
      rangeOf('endToEnd.p99', trials),
      rangeOf('delivered.rate', trials),
    ]),
  );
}

/** `2.41 ms (2.30 to 2.55 ms)` */
function rangeOf(name: string, trials: readonly TrialResult[]): string {
  const metric = measurableNamed(name);
  if (metric === undefined) return '-';
  const values = trials.flatMap((trial) => valueOfTrial(metric, trial, undefined) ?? []);
  const format = (value: number): string => formatMetric(value, metric.unit);
  const middle = median(values);
  if (middle === undefined) return '-';
  return `${format(middle)} (${format(Math.min(...values))} to ${format(Math.max(...values))})`;
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  for (const row of rows) table.push([...row]);
  return `${table.toString()}\n`;
}
