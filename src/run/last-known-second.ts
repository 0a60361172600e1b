/** An agent's second is known this long after its end. */
const KNOWN_AFTER_SECONDS = 0.5;

/** The latest second of a trial of which every agent has told, so many seconds after its start; below 0: none. */
export function lastKnownSecond(seconds: number): number {
  return Math.floor(seconds - KNOWN_AFTER_SECONDS) - 1;
}
