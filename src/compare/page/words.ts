import { formatMetric } from '../../report/index.ts';
import { median } from '../../stats/index.ts';
import { isGated, type Comparison, type Failure, type Row } from '../comparison.ts';

/** `+17.2 %`, `−3.1 %`, `±0.0 %`; with a real minus, which lines up with a plus. */
export function formatChange(ratio: number): string {
  const percent = (ratio - 1) * 100;
  const text = Math.abs(percent).toFixed(Math.abs(percent) < 99.95 ? 1 : 0);
  if (Number(text) === 0) return '±0.0 %';
  return `${percent > 0 ? '+' : '−'}${text} %`;
}

/** `.0079`, `< .0001`, `1`: as benchstat has it, without a leading zero. */
export function formatP(p: number | null): string {
  if (p === null) return '-';
  if (p >= 0.99995) return '1';
  return p < 0.0001 ? '< .0001' : p.toFixed(p < 0.001 ? 5 : 4).replace(/^0/, '');
}

/** `12.4 ms` */
function formatMiddle(values: readonly number[], { unit }: Pick<Row, 'unit'>): string {
  const middle = median(values);
  return middle === undefined ? '-' : formatMetric(middle, unit);
}

/** `+1.2 % to +17.2 %` */
export function formatInterval(interval: readonly [low: number, high: number]): string {
  return interval.map(formatChange).join(' to ');
}

/** Over subjectCells. */
export const SUBJECT_HEAD = ['scenario', 'target', 'metric', 'baseline', 'current'] as const;

/** Over certaintyCells. */
export const CERTAINTY_HEAD = ['p', 'could find'] as const;

/** What stands in a row of a table whatever it is written in: from the scenario to the values of both sides. */
export function subjectCells(row: Row): readonly string[] {
  const { scenario, target, baseline, current, tolerance } = row;
  return [
    scenario,
    target,
    tolerance === null ? nameOf(row) : `${nameOf(row)} ${limitText(row.worse, tolerance)}`,
    `${formatMiddle(baseline, row)} (${baseline.length})`,
    `${formatMiddle(current, row)} (${current.length})`,
  ];
}

/**
 * `≤ +30 %`, `≥ −23.1 %`: how far it may get worse. A tolerance is a ratio, and the limit of what should be high its
 * inverse.
 */
function limitText(worse: Row['worse'], tolerance: number): string {
  return worse === 'higher'
    ? `≤ +${Number((tolerance * 100).toFixed(1))} %`
    : `≥ ${formatChange(1 / (1 + tolerance))}`;
}

/** And its end: p, and the smallest change that could have been found. */
export function certaintyCells({ adjustedP, p, smallest }: Row): readonly string[] {
  return [formatP(adjustedP ?? p), smallest === null ? '-' : `${(smallest * 100).toFixed(0)} %`];
}

/** `endToEnd.p99 in sale` */
export function nameOf({ metric, phase }: Pick<Row, 'metric' | 'phase'>): string {
  return phase === null ? metric : `${metric} in ${phase}`;
}

/** What was asked of the two is not the same: a side may look as good since it was asked for less. */
const NOT_THE_SAME: ReadonlySet<Comparison['differing'][number]> = new Set(['load', 'contract', 'emulation']);

/** `vanished: flash-sale on nats: …` */
export function failureText({ kind, scenario, target, message }: Failure): string {
  return `${kind}: ${scenario} on ${target}: ${message}`;
}

/** What a person reads first. */
export function headline({ rows, failures, warnings, outcome, policy, differing }: Comparison): string {
  const gated = rows.filter(isGated);
  const count = (verdict: Row['verdict']): number => gated.filter((row) => row.verdict === verdict).length;
  const told = (
    ['regressed', 'not comparable', 'machine changed', 'inconclusive', 'improved', 'equivalent'] as const
  ).flatMap((verdict) => (count(verdict) === 0 ? [] : [`${count(verdict)} ${verdict}`]));
  const wrong =
    failures.length === 0 ? '' : `${failures.length} failure${failures.length === 1 ? '' : 's'}; `;
  const what = told.join(', ');
  const word = { passed: 'Passed', failed: 'Failed', undecided: 'Undecided' }[outcome];
  const isOpen = count('inconclusive') > 0 && policy.inconclusive !== 'pass';
  const isOther = differing.some((aspect) => NOT_THE_SAME.has(aspect));
  const warning =
    outcome === 'passed' && (isOpen || isOther || warnings.length > 0) ? ', with a warning' : '';
  const verdicts =
    gated.length === 0
      ? 'nothing is gated'
      : `of ${gated.length} gated row${gated.length === 1 ? '' : 's'}, ${what}`;
  const others = differing.length === 0 ? '' : `; the sides differ in ${differing.join(', ')}`;
  return `${word}${warning}: ${wrong}${verdicts}${others}`;
}
