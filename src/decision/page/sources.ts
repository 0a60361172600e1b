import { formatRate, markdownTable } from '../../report/index.ts';
import type { Cell } from '../cell.ts';
import { expired, titleOf, type Matrix } from '../matrix.ts';
import { formatCell } from './figures.ts';
import { bullets } from './bullets.ts';

/** Where each score is from. */
export function evidenceTable({ criteria, options }: Matrix): readonly string[] {
  const rows = criteria.flatMap((criterion, index) =>
    options.flatMap(({ title, cells }) => {
      const cell = cells[index];
      return cell === undefined ? [] : [[criterion.title, title, formatCell(cell), sourceText(cell)]];
    }),
  );
  return markdownTable(['criterion', 'option', 'score', 'source'], rows);
}

/** What nobody knows, and what is too old. @param today ISO date; undefined: nothing is too old */
export function missingLines(matrix: Matrix, today: string | undefined): readonly string[] {
  const { criteria, options } = matrix;
  const unknown = options.flatMap(({ title, cells }) =>
    cells.flatMap(({ source }, index) =>
      source.kind === 'unknown' ? [`${title}, ${criteria[index]?.title}: unknown, ${source.reason}`] : [],
    ),
  );
  return bullets([...unknown, ...(today === undefined ? [] : expiredEvidence(matrix, today))]);
}

/** What is too old, a line each. @param today ISO date */
export function expiredEvidence(matrix: Matrix, today: string): readonly string[] {
  const { criteria, decision } = matrix;
  return expired(matrix, today).map(({ option, criterion, on }) => {
    const what = criteria.find(({ id }) => id === criterion)?.title ?? criterion;
    const why = on > today ? 'which is yet to come' : `older than ${decision.maxAgeDays} days`;
    return `${titleOf(matrix, option)}, ${what}: of ${on}, ${why}`;
  });
}

function sourceText({ source }: Cell): string {
  switch (source.kind) {
    case 'measured': {
      const { selector, campaign, count, server, contract } = source;
      const { scenario, metric, phase, aggregate } = selector;
      const where = phase === undefined ? '' : ` in ${phase}`;
      const trials = count === 1 ? 'one trial' : `${aggregate} of ${count} trials`;
      return `measured: \`${metric}\`${where} of ${scenario}, ${trials} in \`${campaign}\`; ${server}, ${contract}`;
    }
    case 'documented': {
      const quote = source.quote === undefined ? '' : `: "${source.quote}"`;
      return `[documented](${source.url}), read ${source.read}${quote}`;
    }
    case 'cost':
      return `computed at ${formatRate(source.atPerSecond)}/s from ${source.items.join(', ')}; oldest price of ${source.on}`;
    case 'judged':
      return `judged by ${source.by} on ${source.on}: ${source.reason}`;
    case 'unknown':
      return `unknown: ${source.reason}`;
  }
}
