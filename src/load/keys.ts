import { Random } from '../stats/index.ts';

export type KeyDistribution =
  | { readonly distribution: 'uniform'; readonly count: number }
  /** YCSB's Zipf: the popularity of the k-th key is proportional to 1/k^theta; 0 < theta < 1 */
  | { readonly distribution: 'zipf'; readonly count: number; readonly theta: number }
  /** one hot key takes `hotShare` (0..1) of the messages, the others share the rest */
  | { readonly distribution: 'hot'; readonly count: number; readonly hotShare: number };

/** Draws the index of the next message's key, 0 being the most popular. */
export type KeyDraw = () => number;

/** What the key of an index is called on a broker. */
export function keyName(index: number): string {
  return `key-${index}`;
}

/** The same seed draws the same keys on every target. */
export function drawKeys(keys: KeyDistribution, seed: number): KeyDraw {
  const random = new Random(seed, 'keys');
  switch (keys.distribution) {
    case 'uniform':
      return () => random.below(keys.count);
    case 'hot':
      return () => (keys.count === 1 || random.next() < keys.hotShare ? 0 : 1 + random.below(keys.count - 1));
    case 'zipf':
      return zipf(keys.count, keys.theta, random);
  }
}

/**
 * Gray et al., "Quickly generating billion-record synthetic databases", SIGMOD 1994, as used by YCSB:
 * constant time a draw after one pass over the keys. Requires 0 < theta < 1.
 */
function zipf(count: number, theta: number, random: Random): KeyDraw {
  let zeta = 0;
  for (let rank = 1; rank <= count; rank++) zeta += rank ** -theta;
  const zetaOfTwo = 1 + 0.5 ** theta;
  const alpha = 1 / (1 - theta);
  const eta = (1 - (2 / count) ** (1 - theta)) / (1 - zetaOfTwo / zeta);
  return () => {
    const uniform = random.next();
    const scaled = uniform * zeta;
    if (scaled < 1 || count === 1) return 0;
    if (scaled < zetaOfTwo || count === 2) return 1;
    return Math.min(count - 1, Math.floor(count * (eta * uniform - eta + 1) ** alpha));
  };
}
