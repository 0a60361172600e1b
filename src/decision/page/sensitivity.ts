import { markdownTable } from '../../report/index.ts';
import { leadersOf, titleOf, type BreakEven, type Matrix } from '../matrix.ts';
import type { Regime } from '../weight-tree.ts';
import { formatShare, formatTotal } from './figures.ts';
import { bullets } from './bullets.ts';

const REGIMES: Readonly<Record<Regime, string>> = {
  stated: 'weights as stated, with doubt',
  order: 'only their order is known',
  nothing: 'nothing is known of them',
};

/** How often each option is first, under what is taken for known of the weights. */
export function acceptabilityTable(matrix: Matrix): readonly string[] {
  const { decision, ranking, acceptability } = matrix;
  const regimes = Object.keys(REGIMES) as Regime[];
  const rows = ranking.map((id, index) => [
    titleOf(matrix, id),
    ...regimes.map((regime) => formatShare(acceptability[regime].ranks[index]?.[0] ?? 0)),
    shareOrNone(acceptability.nothing.confidence[index] ?? null),
  ]);
  const { concentration, draws, seed } = decision;
  const doubt = Math.sqrt((0.2 * 0.8) / (concentration + 1));
  return [
    ...markdownTable(
      ['first in … of the draws', ...regimes.map((regime) => REGIMES[regime]), 'confidence'],
      rows,
    ),
    '',
    ...bullets([
      `${draws.toLocaleString('en-US')} draws (seed ${seed}) of weights, and of scores where these are uncertain; a share is off by at most ${formatShare(1 / Math.sqrt(draws))}. With doubt, a share of 20 % of its group is meant as 20 ± ${(doubt * 100).toFixed(0)} %.`,
      'confidence: how often it is first at the average of the weights under which it is first',
    ]),
  ];
}

/** At which weights others overtake the first, in words: a line for each weight and way to change it, the nearest first. */
export function breakEvenLines(matrix: Matrix): readonly string[] {
  const found = nearestFirst(matrix.breakEvens);
  if (found.length === 0) return ['- No single weight, however it is changed, puts another option first.'];
  const lines = new Map<string, { readonly nearest: string; readonly others: string[] }>();
  for (const each of found) {
    const way = `${overOrUnder(each)} ${each.title}`;
    const line = lines.get(way);
    const other = `${titleOf(matrix, each.rival)} ${overOrUnder(each)} ${formatShare(each.at)}`;
    if (line === undefined) lines.set(way, { nearest: breakEvenText(matrix, each), others: [] });
    else line.others.push(other);
  }
  return bullets(
    [...lines.values()].map(
      ({ nearest, others }) => `${nearest}${others.length === 0 ? '' : `, then ${others.join(', ')}`}.`,
    ),
  );
}

/** One sentence that says what to choose, how sure that is, and what would change it. */
export function sentence(matrix: Matrix): string {
  const { acceptability } = matrix;
  const [leader, ...equals] = leadersOf(matrix);
  if (leader === undefined) return 'Every option is out by a veto, so that there is nothing to choose.';
  const share = (regime: Regime): number => acceptability[regime].ranks[0]?.[0] ?? 0;
  const sure = `it is first in ${formatShare(share('stated'))} of the draws around the stated weights, in ${formatShare(share('order'))} if only their order is known, and in ${formatShare(share('nothing'))} if nothing is`;
  const [nearest] = nearestFirst(matrix.breakEvens);
  const change =
    nearest === undefined
      ? 'no single weight, however it is changed, puts another option first'
      : breakEvenText(matrix, nearest);
  if (equals.length > 0) {
    const names = [leader, ...equals].map(({ title }) => title).join(' and ');
    return `Undecided: ${names} are equal, with ${formatTotal(leader.total)} of 1.`;
  }
  const doubts = [
    ...(leader.vetoes.length > 0 ? ['a veto may put it out'] : []),
    ...(leader.worths.includes(null) ? ['not all of its scores are known'] : []),
  ];
  const doubt = doubts.length === 0 ? '' : `; ${doubts.join(', and ')}`;
  const what =
    share('stated') < 0.5
      ? `Undecided: ${leader.title} is ahead with ${formatTotal(leader.total)} of 1`
      : `${leader.title}, with ${formatTotal(leader.total)} of 1`;
  return `${what}: ${sure}; ${change}${doubt}.`;
}

function nearestFirst(breakEvens: readonly BreakEven[]): readonly BreakEven[] {
  return breakEvens.toSorted((a, b) => Math.abs(a.at - a.weight) - Math.abs(b.at - b.weight));
}

function breakEvenText(matrix: Matrix, { title, weight, leader, rival, at }: BreakEven): string {
  return `${titleOf(matrix, rival)} overtakes ${titleOf(matrix, leader)} when ${quoted(title)} weighs ${overOrUnder({ at, weight })} ${formatShare(at)} (now ${formatShare(weight)})`;
}

function overOrUnder({ at, weight }: Pick<BreakEven, 'at' | 'weight'>): string {
  return at > weight ? 'over' : 'under';
}

function quoted(title: string): string {
  return `"${title}"`;
}

function shareOrNone(share: number | null): string {
  return share === null ? '-' : formatShare(share);
}
