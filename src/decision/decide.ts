import type { Result } from '../result/index.ts';
import { InvalidDocument } from '../yaml/index.ts';
import { parsePrices, type PriceSheet } from './cost/prices.ts';
import { criteriaOf, type CostSpec, type Decision } from './decision.ts';
import { parseDecision } from './decision-reader.ts';
import { gatherEvidence } from './evidence.ts';
import { weigh, type Matrix } from './matrix.ts';

/** Where a decision and what it rests on are read from. */
export interface DecisionSources {
  /** the text of the decision file */
  readonly decision: () => Promise<string>;
  /** the text of a price sheet, and how to call it in errors. @param path from the decision file */
  readonly prices: (path: string) => Promise<{ readonly text: string; readonly file: string }>;
  /** asked for only where a score is measured, or requests were counted */
  readonly results: () => Promise<readonly Result[]>;
}

/**
 * A decision with all of its evidence, weighed.
 * @param file how to call the decision file in errors
 * @throws InvalidDocument with every problem at its line and column
 */
export async function decide(file: string, sources: DecisionSources): Promise<Matrix> {
  const decision = parseDecision(await sources.decision(), file);
  const { costs } = decision;
  const results = isMeasured(decision) ? await sources.results() : [];
  const prices = costs === undefined ? undefined : await priceSheet(file, costs, sources);
  return weigh(decision, gatherEvidence(decision, results, prices));
}

/** @throws InvalidDocument of the decision where the sheet cannot be read, and of the sheet where it is not valid */
async function priceSheet(file: string, costs: CostSpec, sources: DecisionSources): Promise<PriceSheet> {
  const sheet = await sources.prices(costs.prices).catch((cause: unknown) => {
    if (!(cause instanceof InvalidDocument)) throw cause;
    const { position } = costs;
    throw new InvalidDocument(
      file,
      [{ ...position, code: 'decision.no-prices', message: `costs.prices: ${cause.message}` }],
      cause,
    );
  });
  return parsePrices(sheet.text, sheet.file);
}

function isMeasured({ criteria, costs }: Decision): boolean {
  const scores = criteriaOf(criteria).some(
    (criterion) =>
      criterion.measured !== undefined ||
      [...criterion.scores.values()].some(({ kind }) => kind === 'measured'),
  );
  const perMessage = [...(costs?.options.values() ?? [])].flatMap((option) => option.perMessage);
  return scores || perMessage.some(({ requests }) => typeof requests === 'object' && 'scenario' in requests);
}
