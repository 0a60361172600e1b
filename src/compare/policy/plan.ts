import { detectableChange, smallestP } from '../../stats/index.ts';
import type { Policy } from './policy.ts';

/** Most repeats that are thought of. */
const MOST = 100;

/**
 * The fewest repeats of each side with which so many gated rows can all be told apart: Holm's correction divides alpha
 * by their number, and a rank test of few values has no p that small.
 */
export function repeatsFor(rows: number, alpha: number): number {
  let repeats = 2;
  while (repeats < MOST && smallestP(repeats, repeats) > alpha / rows) repeats++;
  return repeats;
}

/**
 * The smallest change of a row that is found, with the policy's power, among so many gated rows.
 * @returns as a share: 0.34 is 34 %; undefined where no change, however large, is found
 */
export function smallestFound(
  { base, current }: { readonly base: number; readonly current: number },
  variation: number,
  rows: number,
  { alpha, power }: Pick<Policy, 'alpha' | 'power'>,
): number | undefined {
  return detectableChange(variation, { base, current }, { alpha: alpha / Math.max(1, rows), power });
}
