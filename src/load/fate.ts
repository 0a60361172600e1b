/** What becomes of a message at its handler, whoever handles it, and however often. */
export type Fate =
  | 'fine'
  /** fails in its first attempts, as when another service is away for a moment */
  | 'transient'
  /** fails in every attempt until the cause is mended */
  | 'poison'
  /** cannot be read, so that trying again is pointless */
  | 'malformed';

/** Shares of the messages, 0 to 1, that add up to at most 1. */
export interface FailureShares {
  readonly transient: number;
  readonly poison: number;
  readonly malformed: number;
}

/** Drawn from the message's own identity, so that every consumer, and whoever checks, says the same of it. */
export function fateOf(producer: number, sequence: number, shares: FailureShares, seed: number): Fate {
  const drawn = uniform(producer, sequence, seed);
  if (drawn < shares.poison) return 'poison';
  if (drawn < shares.poison + shares.malformed) return 'malformed';
  return drawn < shares.poison + shares.malformed + shares.transient ? 'transient' : 'fine';
}

/** In [0, 1): the finalizer of MurmurHash3 over the three. */
function uniform(producer: number, sequence: number, seed: number): number {
  let hash = Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(producer + 1, 0x85ebca6b);
  hash = mixed(hash ^ (sequence >>> 0));
  hash = mixed(hash ^ Math.floor(sequence / 2 ** 32));
  return (hash >>> 0) / 2 ** 32;
}

function mixed(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** In [0, 1), drawn from a name: the same whoever asks, and whenever. */
export function drawnShare(name: string, seed: number): number {
  let hash = Math.imul(seed | 0, 0x9e3779b1);
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return (mixed(mixed(hash)) >>> 0) / 2 ** 32;
}
