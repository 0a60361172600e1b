import { acceptability, type Acceptability } from './acceptability.ts';
import { breakEvenWeight, dominates, totals } from './additive.ts';
import { dateOf, isMedian, type Cell } from './cell.ts';
import { criteriaOf, isGroup, type Criterion, type Decision, type Group, type Option } from './decision.ts';
import type { Evidence } from './evidence.ts';
import { passes } from './veto.ts';
import { statedWeights, weightDraw, type Regime } from './weight-tree.ts';
import { uncertainWorth, worthOf } from './worth.ts';

/** A decision with its evidence, weighed. */
export interface Matrix extends Pick<Evidence, 'costs' | 'prices'> {
  readonly decision: Decision;
  readonly criteria: readonly WeighedCriterion[];
  /** in the order of the decision */
  readonly options: readonly WeighedOption[];
  /** ids of those that are not out, the best total first */
  readonly ranking: readonly string[];
  /** of those that are not out, in the order of `ranking` */
  readonly acceptability: Readonly<Record<Regime, Acceptability>>;
  readonly breakEvens: readonly BreakEven[];
}

interface WeighedCriterion extends Criterion {
  /** of all criteria, which sum to 1 */
  readonly weight: number;
  /** titles of the groups that it is in, the outermost first */
  readonly within: readonly string[];
}

export interface WeighedOption extends RankedOption {
  /** ids of options that are nowhere worse and somewhere better */
  readonly dominatedBy: readonly string[];
}

interface RankedOption extends Option {
  /** by criterion */
  readonly cells: readonly Cell[];
  /** by criterion; null where nobody knows */
  readonly worths: readonly (number | null)[];
  /** what nobody knows taken for the middle of its scale */
  readonly total: number;
  /** what nobody knows taken for the worst, and for the best */
  readonly range: readonly [low: number, high: number];
  readonly vetoes: readonly VetoFinding[];
}

interface VetoFinding {
  /** index of the criterion */
  readonly criterion: number;
  /** share of the trials that would stay in: 0 is a veto, between 0 and 1 undecided */
  readonly passing: number;
}

/** How heavy a criterion, or a group of them, has to be for another option to be first. */
export interface BreakEven {
  readonly title: string;
  /** share of all weights now */
  readonly weight: number;
  readonly leader: string;
  readonly rival: string;
  /** where both are equal, the rest in proportion */
  readonly at: number;
}

export function weigh(decision: Decision, { cells, costs, prices }: Evidence): Matrix {
  const criteria = weighedCriteria(decision.criteria);
  const weights = criteria.map(({ weight }) => weight);
  const options = decision.options.map((option, row) => weighOption(option, cells[row] ?? [], criteria));
  const isIn = options.filter((option) => !isOut(option));
  const ranked = isIn.toSorted((a, b) => b.total - a.total || (a.id < b.id ? -1 : 1));
  const ranking = ranked.map(({ id }) => id);
  const acceptabilities = acceptabilityOf(decision, criteria, ranked);
  // where scores are uncertain, one that is dominated in the middle may be first all the same
  const isEverFirst = (id: string): boolean =>
    (acceptabilities.nothing.ranks[ranking.indexOf(id)]?.[0] ?? 0) > 0;
  return {
    decision,
    costs,
    prices,
    criteria,
    options: options.map((option) => ({
      ...option,
      dominatedBy: isOut(option) || isEverFirst(option.id) ? [] : dominatorsOf(option, isIn),
    })),
    ranking,
    acceptability: acceptabilities,
    breakEvens: breakEvensOf(decision.criteria, weights, ranked),
  };
}

/** Those with the best total, the first of the ranking first: several where they are equal, none where all are out. */
export function leadersOf({ options, ranking }: Matrix): readonly WeighedOption[] {
  const ranked = ranking.flatMap((id) => options.find((option) => option.id === id) ?? []);
  const best = ranked[0]?.total ?? 0;
  return ranked.filter(({ total }) => best - total < EQUAL);
}

/** Its place from 1, the same for those that are equal; undefined where it is out. */
export function placeOf({ options, ranking }: Matrix, id: string): number | undefined {
  const own = options.find((option) => option.id === id);
  if (own === undefined || !ranking.includes(id)) return undefined;
  const ahead = options.filter((other) => ranking.includes(other.id) && other.total - own.total >= EQUAL);
  return ahead.length + 1;
}

/** As people call an option. */
export function titleOf({ options }: Pick<Matrix, 'options'>, id: string): string {
  return options.find((option) => option.id === id)?.title ?? id;
}

/** Whether a veto is certain. */
export function isOut({ vetoes }: RankedOption): boolean {
  return vetoes.some(({ passing }) => passing === 0);
}

/** What stands on evidence that was too old on that day, or not there yet. @param today ISO date */
export function expired(
  { decision, options, criteria }: Matrix,
  today: string,
): readonly { readonly option: string; readonly criterion: string; readonly on: string }[] {
  const { maxAgeDays = Number.POSITIVE_INFINITY } = decision;
  const newest = Date.parse(today);
  const oldest = newest - maxAgeDays * 86_400_000;
  return options.flatMap(({ id, cells }) =>
    cells.flatMap(({ source }, index) => {
      const on = dateOf(source);
      if (on === undefined || (Date.parse(on) >= oldest && Date.parse(on) <= newest)) return [];
      return [{ option: id, criterion: criteria[index]?.id ?? '', on }];
    }),
  );
}

function weighedCriteria(root: Group): readonly WeighedCriterion[] {
  const weights = statedWeights(root);
  return placed(root, []).map((each, index) => ({ ...each, weight: weights[index] ?? 0 }));
}

function placed(group: Group, within: readonly string[]): readonly Omit<WeighedCriterion, 'weight'>[] {
  return group.members.flatMap((member) =>
    isGroup(member) ? placed(member, [...within, member.title]) : [{ ...member, within }],
  );
}

function weighOption(
  option: Option,
  cells: readonly Cell[],
  criteria: readonly WeighedCriterion[],
): RankedOption {
  const worths = criteria.map((criterion, index) => {
    const cell = cells[index];
    return cell === undefined ? null : worthOf(criterion, cell);
  });
  const totalWith = (unknown: number): number =>
    totals(
      [worths.map((worth) => worth ?? unknown)],
      criteria.map(({ weight }) => weight),
    )[0] ?? 0;
  return {
    ...option,
    cells,
    worths,
    total: totalWith(0.5),
    range: [totalWith(0), totalWith(1)],
    vetoes: criteria.flatMap(({ veto }, criterion) => {
      const cell = cells[criterion];
      if (veto === undefined || cell === undefined || cell.raw === null) return [];
      const passing = passingShare(cell, (raw) => passes(veto, raw));
      return passing === 1 ? [] : [{ criterion, passing }];
    }),
  };
}

/** Of a median that passes where some trials do not, it is not certain that it does; the worst of them is what it is. */
function passingShare({ raw, spread, source }: Cell, isIn: (raw: number | string) => boolean): number {
  const values = isMedian(source) && spread.kind === 'samples' ? spread.values : [raw ?? ''];
  return values.filter(isIn).length / values.length;
}

/** Where something is not known of either, neither dominates. */
function dominatorsOf(option: RankedOption, others: readonly RankedOption[]): readonly string[] {
  const own = known(option.worths);
  if (own === undefined) return [];
  return others.flatMap((other) => {
    const theirs = known(other.worths);
    return theirs !== undefined && dominates(theirs, own) ? [other.id] : [];
  });
}

function known(worths: readonly (number | null)[]): readonly number[] | undefined {
  const found = worths.filter((worth) => worth !== null);
  return found.length === worths.length ? found : undefined;
}

function acceptabilityOf(
  { criteria: root, concentration, draws, seed }: Decision,
  criteria: readonly WeighedCriterion[],
  options: readonly RankedOption[],
): Matrix['acceptability'] {
  const values = options.map(({ cells }) =>
    criteria.map((criterion, index) => {
      const cell = cells[index];
      return cell === undefined ? 0 : uncertainWorth(criterion, cell);
    }),
  );
  const regimes = ['stated', 'order', 'nothing'] as const;
  const found = acceptability({
    values,
    weights: regimes.map((regime) => weightDraw(root, regime, concentration)),
    draws,
    seed,
  });
  const of = (index: number): Acceptability => {
    const each = found[index];
    if (each === undefined) throw new RangeError(`no regime ${index}`);
    return each;
  };
  return { stated: of(0), order: of(1), nothing: of(2) };
}

const EQUAL = 1e-9;

/** A criterion, or a group of them, as one: with what an option is worth by it. */
interface Lever {
  readonly title: string;
  readonly weight: number;
  readonly worthOf: (worths: readonly number[]) => number;
  /** of the criteria, which have its weight together */
  readonly from: number;
  readonly to: number;
  /** whether it is one of the two that there are */
  readonly isOneOfTwo: boolean;
}

/** By each criterion and group, for each option that would be first instead of the one that is. */
function breakEvensOf(
  root: Group,
  weights: readonly number[],
  [leader, ...rivals]: readonly RankedOption[],
): readonly BreakEven[] {
  if (leader === undefined) return [];
  const middle = (option: RankedOption): readonly number[] => option.worths.map((worth) => worth ?? 0.5);
  return leversOf(root, weights, 0).flatMap((lever) =>
    rivals.flatMap((rival) => {
      const others = weights.flatMap((weight, index) =>
        index >= lever.from && index < lever.to ? [] : [{ weight, index }],
      );
      const row = (option: RankedOption): readonly number[] => {
        const worths = middle(option);
        return [lever.worthOf(worths), ...others.map(({ index }) => worths[index] ?? 0)];
      };
      const at = breakEvenWeight(
        row(leader),
        row(rival),
        [lever.weight, ...others.map(({ weight }) => weight)],
        0,
      );
      // equal at the very end is no overtaking
      if (at === undefined || at < EQUAL || at > 1 - EQUAL) return [];
      // one of two weighs less when the other weighs more, which is told of that
      if (lever.isOneOfTwo && at < lever.weight) return [];
      return [{ title: lever.title, weight: lever.weight, leader: leader.id, rival: rival.id, at }];
    }),
  );
}

function leversOf(group: Group, weights: readonly number[], first: number): readonly Lever[] {
  let from = first;
  return group.members.flatMap((member) => {
    const start = from;
    const count = isGroup(member) ? criteriaOf(member).length : 1;
    from += count;
    const own = weights.slice(start, start + count);
    const weight = own.reduce((sum, each) => sum + each, 0);
    // of a group that weighs nothing its members weigh alike
    const shares = own.map((each) => (weight > 0 ? each / weight : 1 / count));
    const lever: Lever = {
      title: member.title,
      weight,
      worthOf: (worths) =>
        shares.reduce((sum, share, index) => sum + share * (worths[start + index] ?? 0), 0),
      from: start,
      to: start + count,
      isOneOfTwo: group.members.length === 2 && criteriaOf(group).length === weights.length,
    };
    return isGroup(member) ? [lever, ...leversOf(member, weights, start)] : [lever];
  });
}
