import type { Blemish, Criterion, Score, Selector } from './decision.ts';

/** What an option has by a criterion, with where that is known from. */
export interface Cell {
  /** in the unit of the criterion, or a category; null where nobody knows */
  readonly raw: number | string | null;
  readonly spread: Spread;
  readonly source: Source;
  /** what makes it unequal to that of other options, and was accepted */
  readonly notes: readonly Blemish[];
}

/** How uncertain a raw score is. */
type Spread =
  | { readonly kind: 'none' }
  /** one of each trial */
  | { readonly kind: 'samples'; readonly values: readonly number[] }
  | { readonly kind: 'triangular'; readonly low: number; readonly high: number }
  /** it may be worth anything from 0 to 1 */
  | { readonly kind: 'any' };

export type Source = MeasuredSource | CostSource | StatedScore;

/** A score that needs no results. */
type StatedScore = Exclude<Score, { readonly kind: 'measured' | 'cost' }>;

/** What an option costs at some load. */
interface CostSource {
  readonly kind: 'cost';
  readonly atPerSecond: number;
  /** of the price sheet */
  readonly items: readonly string[];
  /** ISO date on which the oldest of its prices was read */
  readonly on: string;
}

export interface MeasuredSource {
  readonly kind: 'measured';
  readonly selector: Omit<Selector, 'position' | 'accept'>;
  /** id of the campaign */
  readonly campaign: string;
  /** ISO date of its start */
  readonly on: string;
  /** trials, or searches for a capacity */
  readonly count: number;
  /** `Apache Kafka 4.1.0` */
  readonly server: string;
  /** of the acknowledgement, as the broker has it in effect */
  readonly contract: string;
  /** fingerprint of the machine */
  readonly host: string;
}

/** Whether it is the median of trials, and not a sum, the worst of them, or nothing measured. */
export function isMedian(source: Source): boolean {
  return source.kind === 'measured' && source.selector.aggregate === 'median';
}

/** The date of what a score rests on; undefined where it rests on nothing. */
export function dateOf(source: Source): string | undefined {
  switch (source.kind) {
    case 'measured':
    case 'judged':
    case 'cost':
      return source.on;
    case 'documented':
      return source.read;
    case 'unknown':
      return undefined;
  }
}

/** A score that was not measured. */
export function statedCell(score: StatedScore): Cell {
  switch (score.kind) {
    case 'documented':
      return { raw: score.raw, spread: { kind: 'none' }, source: score, notes: [] };
    case 'judged': {
      const [low, high] = score.range ?? [0, 0];
      const spread: Spread = score.range === undefined ? { kind: 'none' } : { kind: 'triangular', low, high };
      return { raw: score.raw, spread, source: score, notes: [] };
    }
    case 'unknown':
      return { raw: null, spread: { kind: 'any' }, source: score, notes: [] };
  }
}

/** Where the score of an option is found. */
export function scoreOf({ scores, measured, costAt }: Criterion, option: string): Score {
  const own = scores.get(option);
  if (own !== undefined) return own;
  if (costAt !== undefined) return { kind: 'cost', atPerSecond: costAt.perSecond };
  // the rules of the document have seen to it that there is one
  if (measured === undefined) throw new Error(`no score for ${option}`);
  return { kind: 'measured', selector: measured };
}
