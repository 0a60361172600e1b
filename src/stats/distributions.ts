import type { Random } from './random.ts';

/**
 * Draws from gamma distributions with scale 1, one of each shape: Marsaglia and Tsang, "A simple method for generating
 * gamma variables" (ACM TOMS 26(3), 2000), with their boost for shapes below 1.
 * @param shapes 0 or above; of 0 what is drawn is 0
 */
export function gammas(shapes: readonly number[]): (random: Random, into: Float64Array) => void {
  const shape = Float64Array.from(shapes);
  const d = shape.map((each) => (each < 1 ? each + 1 : each) - 1 / 3);
  const c = d.map((each) => 1 / Math.sqrt(9 * each));
  return (random, into) => {
    for (let index = 0; index < shape.length; index++) {
      const own = shape[index] ?? 0;
      const large = own === 0 ? 0 : largeGamma(random, d[index] ?? 0, c[index] ?? 0);
      // a uniform number to the power of 1/shape
      into[index] = own >= 1 || own === 0 ? large : large * Math.exp(-random.exponential() / own);
    }
  };
}

/** Of shape d + 1/3, which is 1 or above. @param c 1/√(9d) */
function largeGamma(random: Random, d: number, c: number): number {
  for (;;) {
    const x = random.normal();
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const u = 1 - random.next();
    // their squeeze: what is below it is below the bound, and takes no logarithms to know
    if (u < 1 - 0.0331 * (x * x) * (x * x) || Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v))
      return d * v;
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
