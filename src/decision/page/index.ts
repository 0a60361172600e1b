export { matrixJson } from './json.ts';
import type { Matrix } from '../matrix.ts';
import { acceptabilityTable, breakEvenLines, sentence } from './sensitivity.ts';
import { evidenceTable, missingLines } from './sources.ts';
import { rawTable, valueTable } from './tables.ts';

/**
 * A decision as a page of Markdown: the sentence to quote, both tables, how sure that is, and where it is from.
 * @param today ISO date, which tells what evidence is too old
 */
export function decisionPage(matrix: Matrix, today: string): string {
  const { decision } = matrix;
  const missing = missingLines(matrix, today);
  return [
    `# ${decision.title}`,
    '',
    `*${decision.question}*`,
    '',
    `**${sentence(matrix)}**`,
    '',
    '## What was found',
    '',
    ...rawTable(matrix),
    '',
    '## What it is worth',
    '',
    ...valueTable(matrix),
    '',
    '## How sure that is',
    '',
    ...acceptabilityTable(matrix),
    '',
    '## What would change it',
    '',
    ...breakEvenLines(matrix),
    '',
    ...(missing.length === 0 ? [] : ['## What is missing', '', ...missing, '']),
    '## Where it is from',
    '',
    ...evidenceTable(matrix),
    '',
  ].join('\n');
}
