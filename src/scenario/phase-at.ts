import type { Phase } from './scenario.ts';

/** The phase that lies at that many seconds from the start of the load; undefined after the last. */
export function phaseAt(phases: readonly Phase[], seconds: number): Phase | undefined {
  let end = 0;
  return phases.find((each) => seconds < (end += each.seconds));
}
