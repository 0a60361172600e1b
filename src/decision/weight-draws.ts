import { gammas, type Random } from '../stats/index.ts';

/** Draws weights that sum to 1, into the array that it is given. */
export type WeightDraw = (random: Random, into: Float64Array) => void;

/**
 * Rank order centroid (Barron and Barrett 1996): the mean of all weights that are in this order, the heaviest first.
 * @param count of criteria, at least 1
 */
export function rankOrderCentroid(count: number): readonly number[] {
  const shares = Array.from({ length: count }, (_, index) => 1 / (index + 1) / count);
  return shares.map((_, rank) => shares.slice(rank).reduce((sum, share) => sum + share, 0));
}

/** Nothing is known: any weights at all, evenly (Dirichlet(1, …, 1)). */
export const anyWeights: WeightDraw = (random, into) => {
  for (let index = 0; index < into.length; index++) into[index] = random.exponential();
  normalise(into);
};

/**
 * The order is known and nothing else: any weights in that order, evenly. Sorted exponential variates are sums of
 * independent ones (Rényi 1953), so that nothing needs to be sorted.
 * @param stated whose order is kept; of equal ones either may be the heavier
 */
export function orderedWeights(stated: readonly number[]): WeightDraw {
  const order = stated.map((_, index) => index).toSorted((a, b) => (stated[b] ?? 0) - (stated[a] ?? 0));
  return (random, into) => {
    let sum = 0;
    for (let rank = order.length; rank > 0; rank--) {
      sum += random.exponential() / rank;
      into[order[rank - 1] ?? 0] = sum;
    }
    normalise(into);
    shuffleEquals(stated, order, random, into);
  };
}

/** Weights of criteria that are stated as equal change places, since nobody said which is the heavier. */
function shuffleEquals(
  stated: readonly number[],
  order: readonly number[],
  random: Random,
  into: Float64Array,
): void {
  for (let first = 0; first < order.length; first++) {
    let end = first + 1;
    while (end < order.length && stated[order[end] ?? 0] === stated[order[first] ?? 0]) end++;
    for (let last = end - 1; last > first; last--) {
      const [one, other] = [order[last] ?? 0, order[first + random.below(last - first + 1)] ?? 0];
      [into[one], into[other]] = [into[other] ?? 0, into[one] ?? 0];
    }
    first = end - 1;
  }
}

/**
 * The stated weights are meant, with some doubt: Dirichlet(k·w), whose mean they are.
 * @param concentration k: how sure of them who stated them is; the standard deviation of a weight w is √(w(1−w)/(k+1))
 */
export function doubtedWeights(stated: readonly number[], concentration: number): WeightDraw {
  const draw = gammas(stated.map((weight) => concentration * weight));
  return (random, into) => {
    draw(random, into);
    normalise(into);
  };
}

/** Steps between two draws, for each criterion: enough to forget the draw before. */
const STEPS = 4;

/**
 * Any weights within these bounds, evenly: a walk over them that moves weight from one criterion to another (hit and run
 * along the edges of the simplex).
 * @param bounds of each weight, which some weights that sum to 1 lie within
 */
export function boundedWeights(bounds: readonly (readonly [low: number, high: number])[]): WeightDraw {
  const at = Float64Array.from(within(bounds));
  return (random, into) => {
    for (let step = 0; bounds.length > 1 && step < STEPS * bounds.length; step++) {
      const from = random.below(bounds.length);
      const to = (from + 1 + random.below(bounds.length - 1)) % bounds.length;
      const [a, b] = [at[from] ?? 0, at[to] ?? 0];
      const [lowA, highA] = bounds[from] ?? [0, 1];
      const [lowB, highB] = bounds[to] ?? [0, 1];
      const most = Math.min(a - lowA, highB - b);
      const least = Math.max(a - highA, lowB - b);
      const moved = least + random.next() * (most - least);
      at[from] = a - moved;
      at[to] = b + moved;
    }
    into.set(at);
  };
}

/** Weights that sum to 1 and stand at the same share of each of these spans. */
export function within(bounds: readonly (readonly [low: number, high: number])[]): readonly number[] {
  const least = bounds.reduce((sum, [low]) => sum + low, 0);
  const span = bounds.reduce((sum, [low, high]) => sum + high - low, 0);
  const share = span === 0 ? 0 : (1 - least) / span;
  return bounds.map(([low, high]) => low + share * (high - low));
}

function normalise(weights: Float64Array): void {
  let sum = 0;
  for (let index = 0; index < weights.length; index++) sum += weights[index] ?? 0;
  for (let index = 0; index < weights.length; index++) weights[index] = (weights[index] ?? 0) / sum;
}
