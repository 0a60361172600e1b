import type { Random } from './random.ts';

/** Normal with mean 0 and variance 1: Marsaglia's polar method (SIAM Review 6(3), 1964). */
export function standardNormal(random: Random): number {
  for (;;) {
    const x = 2 * random.next() - 1;
    const y = 2 * random.next() - 1;
    const square = x * x + y * y;
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * Math.log(square)) / square);
  }
}

/**
 * Gamma with scale 1: Marsaglia and Tsang, "A simple method for generating gamma variables" (ACM TOMS 26(3), 2000), with
 * their boost for shapes below 1.
 * @param shape above 0
 */
export function gamma(random: Random, shape: number): number {
  const d = (shape < 1 ? shape + 1 : shape) - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  const boost = shape < 1 ? (1 - random.next()) ** (1 / shape) : 1;
  for (;;) {
    const x = standardNormal(random);
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const u = 1 - random.next();
    // their squeeze: what is below it is below the bound, and takes no logarithms to know
    if (u < 1 - 0.0331 * (x * x) * (x * x) || Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v))
      return d * v * boost;
  }
}

/**
 * Below which a triangular variate is with this likelihood: one from `low` to `high`, most often near `likely`.
 * @param share from 0 to 1
 */
export function triangular(share: number, low: number, likely: number, high: number): number {
  if (low === high) return likely;
  const rising = (likely - low) / (high - low);
  return share < rising
    ? low + Math.sqrt(share * (high - low) * (likely - low))
    : high - Math.sqrt((1 - share) * (high - low) * (high - likely));
}
