import type { Matrix } from '../matrix.ts';
import { costTable } from './costs.ts';
import { acceptabilityTable, breakEvenLines, sentence } from './sensitivity.ts';
import { evidenceTable, missingLines } from './sources.ts';
import { rawTable, valueTable } from './tables.ts';

export { matrixJson } from './json.ts';
export { expiredEvidence } from './sources.ts';

/**
 * The parts of a decision as lines of Markdown, by name. They depend on nothing but its inputs: the same ones give the
 * same bytes, on any machine and on any day.
 */
export const REGIONS = {
  outcome: (matrix) => [`**${sentence(matrix)}**`],
  scores: rawTable,
  matrix: valueTable,
  sensitivity: acceptabilityTable,
  'break-even': breakEvenLines,
  costs: (matrix) => orNothing(costTable(matrix), '- No costs are told.'),
  missing: (matrix) =>
    orNothing(missingLines(matrix, undefined), '- Nothing: each option has a score by each criterion.'),
  evidence: evidenceTable,
} satisfies Readonly<Record<string, (matrix: Matrix) => readonly string[]>>;

export type RegionName = keyof typeof REGIONS;

function orNothing(lines: readonly string[], nothing: string): readonly string[] {
  return lines.length > 0 ? lines : [nothing];
}

/**
 * A decision as a page: the sentence to quote, both tables, how sure that is, and where it is from.
 * @param today ISO date, which tells what evidence is too old
 * @param level of its heading, which is more than 1 within another page
 */
export function decisionPage(matrix: Matrix, today: string, level = 1): string {
  const { decision } = matrix;
  const heading = (depth: number, title: string): string => `${'#'.repeat(level + depth)} ${title}`;
  const missing = missingLines(matrix, today);
  const part = (title: string, lines: readonly string[]): readonly string[] => [
    heading(1, title),
    '',
    ...lines,
    '',
  ];
  return [
    heading(0, decision.title),
    '',
    `*${decision.question}*`,
    '',
    ...REGIONS.outcome(matrix),
    '',
    ...part('What was found', REGIONS.scores(matrix)),
    ...part('What it is worth', REGIONS.matrix(matrix)),
    ...(matrix.ranking.length === 0
      ? []
      : [
          ...part('How sure that is', REGIONS.sensitivity(matrix)),
          ...part('What would change it', REGIONS['break-even'](matrix)),
        ]),
    ...(decision.costs === undefined ? [] : part('What it costs', REGIONS.costs(matrix))),
    ...(missing.length === 0 ? [] : part('What is missing', missing)),
    ...part('Where it is from', REGIONS.evidence(matrix)),
  ].join('\n');
}
