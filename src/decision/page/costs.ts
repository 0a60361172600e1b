import { formatRate, markdownTable } from '../../report/index.ts';
import { breakEvenLoad, costPerMillion } from '../cost/cost.ts';
import type { Matrix } from '../matrix.ts';
import { bullets } from './bullets.ts';
import { formatFigure } from './figures.ts';

/** What a million messages cost at each load, and at which load two options cost the same; none without costs. */
export function costTable(matrix: Matrix): readonly string[] {
  const { decision, costs, prices, options } = matrix;
  if (decision.costs === undefined || prices === undefined) return [];
  const { loads, messageBytes } = decision.costs;
  const titleOf = (id: string): string => options.find((option) => option.id === id)?.title ?? id;
  const rows = costs.map(({ option, expense }) => [
    titleOf(option),
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
        ...parts.map((part) => `${titleOf(option)}: ${part}`),
        ...missing.map((what) => `${titleOf(option)}: incomplete, ${what}`),
      ]),
      ...breakEvens(matrix),
      `messages of ${formatFigure(messageBytes)} bytes, ${hoursPerMonth} hours a month${region === undefined ? '' : `, ${region}`}; ${dates[0] === undefined ? 'no price is known' : `prices read since ${dates[0]}`}; a cost is not told beyond the load that it is known to hold for`,
    ]),
  ];
}

function breakEvens({ costs, prices, options }: Matrix): readonly string[] {
  const titleOf = (id: string): string => options.find((option) => option.id === id)?.title ?? id;
  return costs.flatMap((one, index) =>
    costs.slice(index + 1).flatMap((other) => {
      if (one.expense === undefined || other.expense === undefined || prices === undefined) return [];
      const load = breakEvenLoad(one.expense, other.expense, prices.hoursPerMonth);
      if (load === undefined) return [];
      const [cheaperBelow, above] =
        one.expense.perMonth < other.expense.perMonth ? [one, other] : [other, one];
      return [
        `${titleOf(cheaperBelow.option)} is cheaper than ${titleOf(above.option)} below ${formatRate(load)}/s, and dearer above`,
      ];
    }),
  );
}
