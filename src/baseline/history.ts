import { measurableNamed, valueOfTrial, type Result, type TrialResult } from '../result/index.ts';
import { median } from '../stats/index.ts';
import { seriesOf, type Series } from './series.ts';

/** What a trend is looked for in: of each trial that carried its load there is a value of each. */
const METRICS = ['endToEnd.p50', 'endToEnd.p99', 'acknowledge.p99', 'delivered.rate'] as const;

const COLUMNS = ['time', 'commit', 'branch', ...METRICS];

/** Where a campaign is from. */
export interface Commit {
  readonly commit: string | null;
  readonly branch: string | null;
}

/** `flash-sale.kafka.csv` */
export function seriesFile({ scenario, target }: Omit<Series, 'trials'>): string {
  return `${scenario}.${target}.csv`.replaceAll(/[^A-Za-z0-9._-]+/g, '-');
}

export const HISTORY_HEAD = `${COLUMNS.join(',')}\n`;

/** A line of the file of a series, or why there is none: Apache Otava takes no gaps. */
export type HistoryLine = { readonly series: Series } & (
  | { readonly line: string }
  | { readonly missing: string }
);

/**
 * A line for each scenario on each target: medians of its trials, in µs and messages a second, as Otava reads it
 * (`type: csv`, https://otava.apache.org/docs/csv/).
 */
export function historyLines(result: Result, { commit, branch }: Commit): readonly HistoryLine[] {
  return seriesOf(result).map((series) => {
    const values = METRICS.map((name) => middleOf(name, series.trials));
    const missing = METRICS.filter((_, index) => values[index] === undefined);
    if (missing.length > 0) return { series, missing: `not all of its trials have ${missing.join(', ')}` };
    const cells = [result.startedAt, commit ?? '', branch ?? '', ...values.map(String)];
    return { series, line: `${cells.map(quoted).join(',')}\n` };
  });
}

/**
 * What tells Otava where the columns are: `otava analyze` with `OTAVA_CONFIG` set to this file.
 * @param files names of files of series, in that folder
 */
export function otavaConfig(folder: string, files: readonly string[]): string {
  const lines = files.flatMap((file) => [
    `  ${JSON.stringify(file.replace(/\.csv$/, ''))}:`,
    '    type: csv',
    `    file: ${JSON.stringify(`${folder}/${file}`)}`,
    '    time_column: time',
    '    attributes: [commit, branch]',
    '    metrics:',
    ...METRICS.map(
      (name) => `      ${name}: { direction: ${measurableNamed(name)?.worse === 'lower' ? 1 : -1} }`,
    ),
  ]);
  return `# written by mqbench baseline, for Apache Otava\ntests:\n${lines.join('\n')}\n`;
}

/** undefined where a trial has none */
function middleOf(name: string, trials: readonly TrialResult[]): number | undefined {
  const metric = measurableNamed(name);
  if (metric === undefined) return undefined;
  const values = trials.flatMap((trial) => valueOfTrial(metric, trial, undefined) ?? []);
  return values.length < trials.length ? undefined : median(values);
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
