import type { Result } from '../result/index.ts';
import { parsePrices } from './cost/prices.ts';
import { parseDecision } from './decision-reader.ts';
import { gatherEvidence } from './evidence.ts';
import { weigh, type Matrix } from './matrix.ts';

/** Where a decision and what it rests on are read from. */
export interface DecisionSources {
  /** the text of the decision file */
  readonly decision: () => Promise<string>;
  /** the text of a price sheet, and how to call it in errors. @param path from the decision file */
  readonly prices: (path: string) => Promise<{ readonly text: string; readonly file: string }>;
  /** asked for only where an option has a target */
  readonly results: () => Promise<readonly Result[]>;
}

/**
 * A decision with all of its evidence, weighed.
 * @param file how to call the decision file in errors
 * @throws InvalidDocument with every problem at its line and column
 */
export async function decide(file: string, sources: DecisionSources): Promise<Matrix> {
  const decision = parseDecision(await sources.decision(), file);
  const { costs, options } = decision;
  const results = options.some(({ target }) => target !== undefined) ? await sources.results() : [];
  const sheet = costs === undefined ? undefined : await sources.prices(costs.prices);
  const prices = sheet === undefined ? undefined : parsePrices(sheet.text, sheet.file);
  return weigh(decision, gatherEvidence(decision, results, prices));
}
