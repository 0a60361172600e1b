import { ways } from './ways.ts';

/** What the ranks of two samples say about whether they are from one distribution. */
interface RankSum {
  /** Mann and Whitney's U of the first sample: pairs in which its value is the larger, ties as one half */
  readonly u: number;
  /** two-sided, from 0 to 1 */
  readonly p: number;
}

/**
 * Mann and Whitney's test: exact for any sizes, and exact with ties, of which each arrangement is counted as it is
 * (Streitberg and Röhmel, Statistical Software Newsletter 12(1), 1986). No normal approximation: at three against three it
 * calls p .0495 what is .1.
 * @param a at least one value, none of them NaN; `b` likewise
 */
export function rankSumTest(a: readonly number[], b: readonly number[]): RankSum {
  const ranks = doubledRanks([...a, ...b]);
  const sum = ranks.slice(0, a.length).reduce((total, rank) => total + rank, 0);
  const { below, total } = sumsOf(ranks, a.length);
  const atMost = below[sum] ?? total;
  const atLeast = total - (sum === 0 ? 0 : (below[sum - 1] ?? total));
  return {
    u: sum / 2 - (a.length * (a.length + 1)) / 2,
    p: Math.min(1, (2 * Math.min(atMost, atLeast)) / total),
  };
}

/**
 * The smallest p that two samples of these sizes can have: 2 ÷ the ways to choose the one from both.
 * @returns 1 where one of them is empty
 */
export function smallestP(a: number, b: number): number {
  return Math.min(1, 2 / ways(a + b, a));
}

/**
 * How many of the a·b differences between two samples lie beyond each end of an interval that covers the true shift with
 * this confidence: the largest such number.
 * @returns undefined where even all of them are too few
 */
export function excludedDifferences(
  a: number,
  b: number,
  confidence: number,
): { readonly count: number; readonly coverage: number } | undefined {
  const most = (1 - confidence) / 2;
  const shares = cumulativeU(a, b);
  let count = 0;
  while ((shares[count] ?? 1) <= most) count++;
  if (count === 0) return undefined;
  return { count, coverage: 1 - 2 * (shares[count - 1] ?? 0) };
}

/** P(U ≤ u) by u from 0, without ties. */
function cumulativeU(a: number, b: number): readonly number[] {
  const ranks = Array.from({ length: a + b }, (_, index) => 2 * (index + 1));
  const { below, total } = sumsOf(ranks, a);
  const least = a * (a + 1);
  return Array.from({ length: a * b + 1 }, (_, u) => (below[least + 2 * u] ?? total) / total);
}

interface Sums {
  /** by a sum of doubled ranks: ways to choose so many of them with at most that sum */
  readonly below: Float64Array;
  readonly total: number;
}

/** One for each size and pattern of ties that came up, of which a comparison has few. */
const known = new Map<string, Sums>();

/** Of a few KiB each. */
const MOST_KNOWN = 1000;

function sumsOf(ranks: readonly number[], chosen: number): Sums {
  const sorted = ranks.toSorted((x, y) => x - y);
  const key = `${chosen} of ${sorted.join(' ')}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const most = sorted.slice(sorted.length - chosen).reduce((sum, rank) => sum + rank, 0);
  // by how many are chosen: by their sum, the ways to choose them
  const counts = Array.from({ length: chosen + 1 }, () => new Float64Array(most + 1));
  add(counts[0], 0, 1);
  for (const rank of sorted) {
    for (let size = chosen; size > 0; size--) {
      const [into, from] = [counts[size], counts[size - 1]];
      for (let sum = most; sum >= rank; sum--) add(into, sum, from?.[sum - rank] ?? 0);
    }
  }
  const below = counts[chosen] ?? new Float64Array(1);
  for (let sum = 1; sum < below.length; sum++) add(below, sum, below[sum - 1] ?? 0);
  const made = { below, total: below.at(-1) ?? 1 };
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, made);
  return made;
}

function add(counts: Float64Array | undefined, index: number, amount: number): void {
  if (counts !== undefined) counts[index] = (counts[index] ?? 0) + amount;
}

/** Twice the rank of each, from 1, in their order: equal values share the mean of their ranks. */
function doubledRanks(values: readonly number[]): readonly number[] {
  const order = values.map((_, index) => index).toSorted((x, y) => (values[x] ?? 0) - (values[y] ?? 0));
  const ranks = new Array<number>(values.length).fill(0);
  for (let first = 0; first < order.length; first++) {
    let last = first;
    while (last + 1 < order.length && values[order[last + 1] ?? 0] === values[order[first] ?? 0]) last++;
    for (let place = first; place <= last; place++) ranks[order[place] ?? 0] = first + last + 2;
    first = last;
  }
  return ranks;
}
