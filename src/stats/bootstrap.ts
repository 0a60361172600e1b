import { ways } from './ways.ts';

/** What a statistic may be, and how likely: shares sum to 1, values rise. */
export type Distribution = readonly { readonly value: number; readonly share: number }[];

/**
 * The distribution of the median of a bootstrap sample (Efron 1979), exactly, from its order statistics: nothing is drawn.
 * @param values at least one
 */
export function bootstrappedMedian(values: readonly number[]): Distribution {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  const middle = Math.floor(n / 2);
  /** that at least k of the n drawn are among the i smallest values */
  const reached = (k: number, i: number): number => {
    let share = 0;
    for (let drawn = k; drawn <= n; drawn++)
      share += ways(n, drawn) * (i / n) ** drawn * (1 - i / n) ** (n - drawn);
    return share;
  };
  const at = (index: number): number => sorted[index - 1] ?? Number.NaN;
  const ranks = sorted.map((_, index) => index + 1);
  if (n % 2 === 1)
    return ranks.map((i) => ({ value: at(i), share: reached(middle + 1, i) - reached(middle + 1, i - 1) }));
  // half of the drawn up to i and reaching it, and half from j on and reaching it
  const lower = ranks.map((i) => (i / n) ** middle - ((i - 1) / n) ** middle);
  const upper = ranks.map((j) => ((n - j + 1) / n) ** middle - ((n - j) / n) ** middle);
  return ranks
    .flatMap((i) => {
      const apart = ranks.slice(i).map((j) => {
        return {
          value: (at(i) + at(j)) / 2,
          share: ways(n, middle) * (lower[i - 1] ?? 0) * (upper[j - 1] ?? 0),
        };
      });
      const all = reached(middle, i) - reached(middle, i - 1);
      return [{ value: at(i), share: all - apart.reduce((sum, { share }) => sum + share, 0) }, ...apart];
    })
    .toSorted((a, b) => a.value - b.value);
}
