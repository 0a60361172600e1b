import { distance } from 'fastest-levenshtein';
import { quote } from './quote.ts';

/**
 * The candidate that was most likely meant, or undefined where none is close. Case, dashes and underscores
 * do not count, so that `max_batch_bytes` finds `maxBatchBytes`; swapped letters count once, so that `fro`
 * finds `for`.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = plain(name);
  let best: string | undefined;
  let fewest = Math.max(1, Math.floor(wanted.length * 0.4)) + 1;
  for (const candidate of candidates) {
    const edits = editsBetween(wanted, plain(candidate));
    const allReplaced = edits >= Math.max(wanted.length, candidate.length);
    if (edits < fewest && !allReplaced) {
      best = candidate;
      fewest = edits;
    }
  }
  return best;
}

/** `; did you mean "for"?`, or nothing where no candidate is close. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const found = nearest(name, candidates);
  return found === undefined ? '' : `; did you mean ${quote(found)}?`;
}

function editsBetween(one: string, other: string): number {
  // Something was added to the name: `zipfian` for `zipf`.
  if (other.length >= 3 && one !== other && one.startsWith(other)) return 1;
  const edits = distance(one, other);
  const swapped = edits > 1 && one.length === other.length && sorted(one) === sorted(other);
  return swapped ? edits - 1 : edits;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '');
}

function sorted(name: string): string {
  return Array.from(name).sort().join('');
}
