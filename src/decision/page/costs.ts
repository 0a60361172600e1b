import { formatRate, markdownTable } from '../../report/index.ts';
import { breakEvenLoad, costPerMillion } from '../cost/cost.ts';
import { titleOf, type Matrix } from '../matrix.ts';
import { bullets } from './bullets.ts';
import { formatFigure } from './figures.ts';

/** What a million messages cost at each load, and at which load two options cost the same; none without costs. */
export function costTable(matrix: Matrix): readonly string[] {
  const { decision, costs, prices } = matrix;
  if (decision.costs === undefined || prices === undefined) return [];
  const { loads, messageBytes } = decision.costs;
  const rows = costs.map(({ option, expense }) => [
    titleOf(matrix, option),
    expense === undefined ? 'incomplete' : formatFigure(expense.perMonth),
    expense === undefined ? 'incomplete' : formatFigure(expense.perMessage * 1e6),
    ...loads.map((load) => {
      if (expense === undefined) return 'incomplete';
      const cost = costPerMillion(expense, load, prices.hoursPerMonth);
      return cost === undefined ? `over ${formatRate(expense.upToPerSecond ?? 0)}/s` : formatFigure(cost);
    }),
  ]);
  const { currency, region, hoursPerMonth } = prices;
  const dates = costs.flatMap(({ on }) => (on === '' ? [] : [on])).toSorted();
  return [
    ...markdownTable(
      [
        currency,
        'a month, whatever the load',
        'a million messages more',
        ...loads.map((load) => `a million at ${formatFigure(load)}/s`),
      ],
      rows,
    ),
    '',
    ...bullets([
      ...costs.flatMap(({ option, parts, missing }) => [
        ...parts.map((part) => `${titleOf(matrix, option)}: ${part}`),
        ...missing.map((what) => `${titleOf(matrix, option)}: incomplete, ${what}`),
      ]),
      ...breakEvens(matrix),
      `messages of ${formatFigure(messageBytes)} bytes, ${hoursPerMonth} hours a month${region === undefined ? '' : `, ${region}`}; ${dates[0] === undefined ? 'no price is known' : `prices read since ${dates[0]}`}; a cost is not told beyond the load that it is known to hold for`,
    ]),
  ];
}

function breakEvens(matrix: Matrix): readonly string[] {
  const { costs, prices } = matrix;
  return costs.flatMap((one, index) =>
    costs.slice(index + 1).flatMap((other) => {
      if (one.expense === undefined || other.expense === undefined || prices === undefined) return [];
      const load = breakEvenLoad(one.expense, other.expense, prices.hoursPerMonth);
      if (load === undefined) return [];
      const [cheaperBelow, above] =
        one.expense.perMonth < other.expense.perMonth ? [one, other] : [other, one];
      return [
        `${titleOf(matrix, cheaperBelow.option)} is cheaper than ${titleOf(matrix, above.option)} below ${formatRate(load)}/s, and dearer above`,
      ];
    }),
  );
}
