import { LatencyHistogram, type LatencyName } from '../measure/index.ts';
import type { Observation } from './run-setting.ts';

/** What was measured of a trial while the machine did not stand still. */
export interface Calm {
  readonly latency: LatencyHistogram;
  /** share of the measured phases of which it is */
  readonly share: number;
}

/**
 * Merges a latency over the measured phases in which the machine did not stand still. What is late because it
 * did is late in truth, and the meter is right to say so; it tells nothing of the meter.
 */
export function calmPhases(
  { trial, startNs, stalls }: Pick<Observation, 'trial' | 'startNs' | 'stalls'>,
  name: LatencyName,
): Calm {
  const merged = new LatencyHistogram();
  let calm = 0;
  let measured = 0;
  let fromNs = startNs;
  for (const { seconds, warmup, latency } of trial.phases) {
    const endNs = fromNs + seconds * 1e9;
    const disturbed = stalls.some((stall) => stall.fromNs < endNs && stall.toNs > fromNs);
    if (!warmup) measured++;
    if (!warmup && !disturbed) {
      calm++;
      merged.add(latency[name]);
    }
    fromNs = endNs;
  }
  return { latency: merged, share: measured === 0 ? 0 : calm / measured };
}
