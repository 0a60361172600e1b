import type { Contract } from '../scenario/index.ts';
import type { Position } from '../yaml/index.ts';
import type { Batches, Placement } from './cost/cost.ts';
import type { ValueFunction } from './value-function.ts';
import type { Veto } from './veto.ts';

/** A decision as read from YAML, with its defaults filled in. Plain data. */
export interface Decision {
  /** where it was read from, as errors call it */
  readonly file: string;
  readonly title: string;
  readonly question: string;
  readonly options: readonly Option[];
  /** what counts, as a tree: its leaves are what options are scored by */
  readonly criteria: Group;
  /** undefined: costs are no part of it, or scores like others */
  readonly costs: CostSpec | undefined;
  /** evidence that is older counts no more; undefined: any age will do */
  readonly maxAgeDays: number | undefined;
  /** k of Dirichlet(k·w): how sure of the stated weights who stated them is */
  readonly concentration: number;
  readonly draws: number;
  readonly seed: number;
}

/** What can be chosen. */
export interface Option {
  readonly id: string;
  readonly title: string;
  /** whose trials speak for it; undefined: nothing was measured */
  readonly target: string | undefined;
}

export interface Group {
  readonly id: string;
  readonly title: string;
  readonly members: readonly (Group | Criterion)[];
  readonly weights: Weighting;
}

/** How the weights of the members of a group were stated, one each, in their order. */
export type Weighting =
  /** shares that sum to 1 */
  | { readonly kind: 'explicit'; readonly shares: readonly number[] }
  /** what the step from the worst to the best of each scale is worth, the largest being 100 */
  | { readonly kind: 'swing'; readonly swings: readonly number[] }
  /** places from 1, the heaviest first */
  | { readonly kind: 'rank'; readonly ranks: readonly number[] }
  | { readonly kind: 'between'; readonly bounds: readonly (readonly [low: number, high: number])[] };

export interface Criterion {
  readonly id: string;
  readonly title: string;
  /** of raw scores; null for categories and judgements */
  readonly unit: string | null;
  readonly scale: Scale;
  /** what an option has to be, or it is out, however good it is otherwise; undefined: anything */
  readonly veto: Veto | undefined;
  /** where scores are measured that are not given one by one; undefined: nowhere */
  readonly measured: Selector | undefined;
  /** the load at whose cost of a million messages options are scored; undefined: not by cost */
  readonly costAt: { readonly perSecond: number; readonly position: Position } | undefined;
  /** by option */
  readonly scores: ReadonlyMap<string, Score>;
}

/** What the options cost, by the items of a price sheet. */
export interface CostSpec {
  /** path of the price sheet, from the decision file */
  readonly prices: string;
  /** where that stands in the file */
  readonly position: Position;
  readonly messageBytes: number;
  /** in messages a second */
  readonly loads: readonly number[];
  /** by option; those that are not in it have no costs */
  readonly options: ReadonlyMap<string, OptionCosts>;
}

export interface OptionCosts {
  readonly monthly: readonly {
    readonly item: string;
    readonly count: number;
    readonly why: string | undefined;
  }[];
  readonly perMessage: readonly {
    readonly item: string;
    /** a number, the scenario in whose trials they were counted, or what a request carries; undefined: priced by GB */
    readonly requests: number | { readonly scenario: string } | Batches | undefined;
    /** a number, or what a byte crosses zones for; undefined: priced by requests */
    readonly copies: number | Placement | undefined;
    readonly why: string | undefined;
  }[];
  /** messages a second up to which it is known to hold */
  readonly upToPerSecond: number | undefined;
}

/** A judged scale says in words what each of its points means; its value function is linear from 1 to 5. */
export type Scale = ValueFunction & { readonly anchors?: Readonly<Record<string, string>> };

/** What of the results is meant. */
export interface Selector {
  readonly scenario: string;
  /** a metric of `mqbench list metrics`, or one of what a broker used */
  readonly metric: string;
  /** undefined: all that is measured */
  readonly phase: string | undefined;
  /** what was asked for; undefined: whatever it was, which has to be alike for all options all the same */
  readonly contract: Contract | undefined;
  /** over the trials */
  readonly aggregate: (typeof AGGREGATES)[number];
  /** what evidence may be, though it makes options unequal; each is told in a footnote */
  readonly accept: readonly Blemish[];
  /** where it stands in the file */
  readonly position: Position;
}

export const AGGREGATES = ['median', 'worst', 'sum'] as const;

/** Why evidence is not equal to that of other options. */
export const BLEMISHES = ['emulated', 'one-host', 'exceeding-contract', 'other-host', 'unordered'] as const;
export type Blemish = (typeof BLEMISHES)[number];

/** A score with its source. A raw score is a number in the criterion's unit, or a category. */
export type Score =
  | { readonly kind: 'measured'; readonly selector: Selector }
  | {
      readonly kind: 'documented';
      readonly raw: number | string;
      readonly url: string;
      /** ISO date on which somebody read it there */
      readonly read: string;
      readonly quote: string | undefined;
    }
  | {
      readonly kind: 'judged';
      readonly raw: number | string;
      /** what it may be at least and at most, where the judge is not sure */
      readonly range: readonly [low: number, high: number] | undefined;
      readonly by: string;
      /** ISO date */
      readonly on: string;
      readonly reason: string;
    }
  | { readonly kind: 'cost'; readonly atPerSecond: number }
  | { readonly kind: 'unknown'; readonly reason: string };

export function isGroup(member: Group | Criterion): member is Group {
  return 'members' in member;
}

/** The leaves, in the order in which they stand. */
export function criteriaOf(group: Group): readonly Criterion[] {
  return group.members.flatMap((member) => (isGroup(member) ? criteriaOf(member) : [member]));
}
