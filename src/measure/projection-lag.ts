import { LatencyHistogram, type LatencySummary } from './latency.ts';

/** When something happened to each message of one producer, by its sequence, in ns of the host's clock. */
export class SequenceTimes {
  #times = new Float64Array(4096);
  #end = 0;

  /** Kept for the first time only. */
  note(sequence: number, ns: number): void {
    if (sequence >= this.#times.length) {
      const larger = new Float64Array(Math.max(2 * this.#times.length, sequence + 1));
      larger.set(this.#times);
      this.#times = larger;
    }
    if (this.#times[sequence] === 0) this.#times[sequence] = ns;
    this.#end = Math.max(this.#end, sequence + 1);
  }

  /** Plain data: 0 where it did not happen. */
  toArray(): Float64Array {
    return this.#times.slice(0, this.#end);
  }
}

/** How far a read model is behind. */
export interface ProjectionLag {
  /** from the acknowledgement of an event until it was applied */
  readonly lag: LatencySummary;
  /** events applied before their acknowledgement had come back; 0 in the above */
  readonly ahead: number;
}

/**
 * Joins by identity; of an event that was not acknowledged, or not applied, there is none.
 * @param acknowledged by producer
 * @param applied by producer
 */
export function projectionLag(
  acknowledged: readonly Float64Array[],
  applied: readonly Float64Array[],
): ProjectionLag {
  const histogram = new LatencyHistogram();
  let ahead = 0;
  for (const [producer, times] of applied.entries()) {
    for (const [sequence, appliedNs] of times.entries()) {
      const acknowledgedNs = acknowledged[producer]?.[sequence] ?? 0;
      if (appliedNs === 0 || acknowledgedNs === 0) continue;
      if (appliedNs < acknowledgedNs) ahead++;
      histogram.record(Math.max(0, appliedNs - acknowledgedNs));
    }
  }
  return { lag: histogram.summary(), ahead };
}
