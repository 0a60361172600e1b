import { isGated, type Comparison } from '../compare/index.ts';

/**
 * What a comparison with the baseline comes to for who wants to take its place. Whatever the policy makes of what is
 * inconclusive, it is no reason to give up what was known.
 */
export function promotionOf({ outcome, rows }: Comparison): 'promoted' | 'failed' | 'undecided' {
  if (outcome !== 'passed') return outcome;
  const gated = rows.filter(isGated);
  const isOpen = gated.length === 0 || gated.some(({ verdict }) => verdict === 'inconclusive');
  return isOpen ? 'undecided' : 'promoted';
}
