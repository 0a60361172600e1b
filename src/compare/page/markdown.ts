import { markdownTable } from '../../report/index.ts';
import { isGated, type Comparison, type Row } from '../comparison.ts';
import { partsOf } from '../sides.ts';
import {
  CERTAINTY_HEAD,
  certaintyCells,
  failureText,
  formatChange,
  formatInterval,
  headline,
  SUBJECT_HEAD,
  subjectCells,
} from './words.ts';

/**
 * By it the comment of a pull request is found and written anew, one for each scenario and target that is compared by
 * itself.
 */
function markerOf({ rows, failures }: Comparison): string {
  const [subject = '', ...others] = new Set(
    // whether two checkouts mean the same by a target changes with what is changed, and the comment stays
    [...rows, ...failures].map(({ scenario, target }) => `${partsOf(scenario)[0]} on ${partsOf(target)[0]}`),
  );
  const id = others.length === 0 ? ` ${subject.replaceAll(/[<>\n]/g, '')}` : '';
  return `<!-- mqbench:compare${id} -->`;
}

/** For the comment of a pull request, or the summary of a job: the verdict first, what is gated next, the rest folded. */
export function comparisonPage(comparison: Comparison): string {
  const { rows, failures, warnings, notes, baseline, current, interleaved, policy } = comparison;
  const gated = rows.filter(isGated);
  const told = rows.filter((row) => !isGated(row));
  const lines = [
    markerOf(comparison),
    '',
    `### ${headline(comparison)}`,
    '',
    ...failures.map((failure) => `- ${failureText(failure).replace(/^[^:]+/, '**$&**')}`),
    ...warnings.map((each) => `- **warning**: ${each}`),
    ...(failures.length + warnings.length === 0 ? [] : ['']),
    ...(gated.length === 0 ? [] : [...tableOf(gated, 'gated'), '']),
    ...folded('Not gated', told.length === 0 ? [] : tableOf(told, 'told')),
    ...[
      interleaved
        ? 'both sides were measured in turns, in one campaign'
        : `the sides were not interleaved: what the machine did meanwhile is within the difference, so that tolerances count ${policy.separate}-fold`,
      ...notes,
      `baseline ${baseline.join(', ')}; current ${current.join(', ')}`,
      `change: Hodges and Lehmann's ratio of the values of trials, with the interval at ${percent(1 - policy.alpha)}; p: exact rank-sum test, by Holm for all gated rows; "could find": the smallest change that such trials show with a power of ${percent(policy.power)}`,
    ].map((note) => `- ${note}`),
  ];
  return `${lines.join('\n')}\n`;
}

function tableOf(rows: readonly Row[], kind: 'gated' | 'told'): readonly string[] {
  const verdict = (text: string): readonly string[] => (kind === 'gated' ? [text] : []);
  return markdownTable(
    [...verdict('verdict'), ...SUBJECT_HEAD, 'change', ...CERTAINTY_HEAD],
    rows.map((row) => [
      ...verdict(row.verdict === 'regressed' ? '**regressed**' : row.verdict),
      ...subjectCells(row),
      changeText(row),
      ...certaintyCells(row),
    ]),
  );
}

function changeText({ ratio, interval, reason }: Row): string {
  if (ratio === null) return reason ?? '-';
  const range = interval === null ? '' : ` (${formatInterval(interval)})`;
  return `${formatChange(ratio)}${range}${reason === null ? '' : `; ${reason}`}`;
}

function folded(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0
    ? []
    : ['<details>', `<summary>${title}</summary>`, '', ...lines, '', '</details>', ''];
}

/** `95 %`, `99.9 %` */
function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}
