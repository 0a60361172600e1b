import type { Policy } from './policy/index.ts';
import type { Sample } from './sides.ts';

/** What a canary does, how it is told, and where it stands in a reading. */
const PROBES = [
  ['spin', 'spinUs', 'a fixed amount of arithmetic'],
  ['roundTrip', 'roundTripUs', 'a round trip through the memory broker'],
  ['fsync', 'fsyncUs', 'a flush'],
] as const;

/**
 * Whether the machine did what has nothing to do with a broker as fast in all of these campaigns, from before their first
 * trial until after their last.
 * @returns what it did not; undefined: it did, or one has no readings
 */
export function machineChange(
  baseline: Sample,
  current: Sample,
  limits: Policy['canary'],
): string | undefined {
  const readings = [...new Set([...baseline.campaigns, ...current.campaigns])].flatMap(({ canary }) =>
    canary === null ? [] : [canary.before, ...(canary.after === null ? [] : [canary.after])],
  );
  const changes = PROBES.flatMap(([name, key, what]) => {
    const values = readings.map((reading) => reading[key]);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    if (most <= least * (1 + limits[name])) return [];
    return [`${what} took from ${least.toFixed(0)} to ${most.toFixed(0)} µs`];
  });
  return changes.length === 0 ? undefined : changes.join(', and ');
}
