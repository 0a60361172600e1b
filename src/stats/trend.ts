/** The pairs of points grow with the square of their number: a day of seconds has four billion. */
const MOST_POINTS = 1000;

/**
 * The Theil–Sen slope: the median of the slopes between all pairs of points; unmoved by up to 29 % of
 * outliers, such as a rebalance or a pause. 0 for fewer than two points. Of more than 1,000 points it takes
 * every second, every third … instead of all.
 */
export function theilSenSlope(values: readonly number[]): number {
  const slopes: number[] = [];
  const stride = Math.ceil(values.length / MOST_POINTS);
  for (let later = stride; later < values.length; later += stride) {
    for (let earlier = 0; earlier < later; earlier += stride) {
      slopes.push(((values[later] ?? 0) - (values[earlier] ?? 0)) / (later - earlier));
    }
  }
  return median(slopes) ?? 0;
}

/** The middle value, the mean of the two middle ones for an even count, undefined for none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (sorted.length % 2 === 1 || upper === undefined) return upper;
  return ((sorted[middle - 1] ?? upper) + upper) / 2;
}
