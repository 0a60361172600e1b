import type { Result } from '../result/index.ts';
import { InvalidDocument, quote, type Problem } from '../yaml/index.ts';
import { scoreOf, statedCell, type Cell } from './cell.ts';
import { costCell } from './cost/cost-cell.ts';
import { optionCosts, type OptionCost } from './cost/option-cost.ts';
import type { PriceSheet } from './cost/prices.ts';
import { criteriaOf, type Criterion, type Decision } from './decision.ts';
import { MeasuredColumn } from './measured-column.ts';

/** All that a decision is weighed by. */
export interface Evidence {
  /** an option a row, a criterion a column */
  readonly cells: readonly (readonly Cell[])[];
  /** empty for a decision without costs */
  readonly costs: readonly OptionCost[];
  readonly prices: PriceSheet | undefined;
}

/**
 * What each option has by each criterion.
 * @param results campaigns; of several with trials of a scenario on a target the last one started counts
 * @param prices of a decision that tells costs
 * @throws InvalidDocument where a selector matches nothing, or what it matches is no evidence for what it is used for,
 * each at the place of the selector
 */
export function gatherEvidence(
  decision: Decision,
  results: readonly Result[],
  prices: PriceSheet | undefined,
): Evidence {
  const newestFirst = results.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  const targets = new Map(decision.options.map(({ id, target }) => [id, target]));
  const costs =
    decision.costs === undefined || prices === undefined
      ? []
      : optionCosts(decision.costs, prices, newestFirst, targets);
  const columns = criteriaOf(decision.criteria).map((criterion) => {
    const measured = new MeasuredColumn(criterion, newestFirst);
    const cells = decision.options.map((option) =>
      cellOf(criterion, option.id, measured, decision, { costs, prices }),
    );
    return { cells, problems: measured.problems };
  });
  const problems = [
    ...columns.flatMap((column) => column.problems),
    ...(prices === undefined ? [] : currencyProblems(decision, prices)),
  ];
  if (problems.length > 0) throw new InvalidDocument(decision.file, problems);
  const cells = decision.options.map((_, row) => columns.flatMap((column) => column.cells[row] ?? []));
  return { cells, costs, prices };
}

/** A criterion of costs is in the money that the prices are in. */
function currencyProblems({ criteria }: Decision, { currency, file }: PriceSheet): readonly Problem[] {
  return criteriaOf(criteria).flatMap(({ id, unit, costAt }) => {
    const inSheet = `${currency} per million`;
    if (costAt === undefined || unit === inSheet) return [];
    const message = `${id}: costs are in ${quote(inSheet)} by ${file}, and the criterion is in ${quote(unit ?? '')}`;
    return [{ ...costAt.position, code: 'decision.currency', message }];
  });
}

function cellOf(
  criterion: Criterion,
  id: string,
  measured: MeasuredColumn,
  { options }: Decision,
  { costs, prices }: Pick<Evidence, 'costs' | 'prices'>,
): Cell | undefined {
  const score = scoreOf(criterion, id);
  const option = options.find((each) => each.id === id);
  switch (score.kind) {
    case 'measured':
      return option === undefined ? undefined : measured.cell(option, score.selector);
    case 'cost': {
      const cost = costs.find((each) => each.option === id);
      return costCell(cost, prices, score.atPerSecond);
    }
    case 'documented':
    case 'judged':
    case 'unknown':
      return statedCell(score);
  }
}
