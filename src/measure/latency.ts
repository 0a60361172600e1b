import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type JsHistogram,
  type Histogram,
} from 'hdr-histogram-js';

/**
 * The four latencies of a message, all from the host's one monotonic clock.
 *
 * - `endToEnd`: planned send to first delivery to the consumer's handler (the headline)
 * - `acknowledge`: planned send to acknowledgement
 * - `service`: actual send to acknowledgement; what a benchmark that omits coordinately would report
 * - `scheduleDebt`: planned to actual send; how late the sender was
 */
export const LATENCIES = ['endToEnd', 'acknowledge', 'service', 'scheduleDebt'] as const;
export type LatencyName = (typeof LATENCIES)[number];

/** Longer than this is taken for a fault of the meter and refused. */
const LONGEST_US = 3_600_000_000;

/** A percentile is told only with at least this many samples beyond it (Tene). */
const SAMPLES_BEYOND = 10;

/** What is said of a latency; null where there are too few samples to say it. */
export interface LatencySummary {
  readonly count: number;
  readonly minUs: number | null;
  readonly p50Us: number | null;
  readonly p90Us: number | null;
  readonly p99Us: number | null;
  readonly p999Us: number | null;
  readonly p9999Us: number | null;
  readonly maxUs: number | null;
  readonly meanUs: number | null;
  /** impossible values (negative, or over an hour): counted, never clamped, in no percentile */
  readonly refused: number;
  /** the whole distribution, HdrHistogram V2 compressed, base64, in µs with three digits; null when empty */
  readonly histogram: string | null;
}

/** A latency's whole distribution, as plain data for another thread or host. */
export interface EncodedLatency {
  readonly histogram: string | null;
  readonly refused: number;
}

/** Records one latency to 1 µs and three significant digits. */
export class LatencyHistogram {
  readonly #histogram: Histogram;
  #refused = 0;

  /** @param digits significant digits: 3 for results, 2 where it is sent about every second */
  constructor(digits: 2 | 3 = 3) {
    this.#histogram = build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: LONGEST_US,
      numberOfSignificantValueDigits: digits,
      autoResize: false,
    });
  }

  static decode(encoded: EncodedLatency, digits: 2 | 3 = 3): LatencyHistogram {
    const latency = new LatencyHistogram(digits);
    latency.add(encoded);
    return latency;
  }

  get count(): number {
    return this.#histogram.totalCount;
  }

  record(ns: number): void {
    const us = Math.round(ns / 1000);
    // not `us`: a negative time below half a microsecond would be rounded to a possible one
    if (ns >= 0 && us <= LONGEST_US) this.#histogram.recordValue(us);
    else this.#refused++;
  }

  /** Merges a distribution recorded elsewhere; percentiles are never averaged. */
  add(encoded: EncodedLatency): void {
    this.#refused += encoded.refused;
    if (encoded.histogram !== null) this.#histogram.add(decodeFromCompressedBase64(encoded.histogram));
  }

  encode(): EncodedLatency {
    return {
      refused: this.#refused,
      histogram: this.count === 0 ? null : encodeIntoCompressedBase64(this.#histogram),
    };
  }

  /** The value in µs below which the given share of the samples lies, or null where too few lie beyond it. */
  quantileUs(quantile: number): number | null {
    if (this.count * (1 - quantile) < SAMPLES_BEYOND - 1e-6) return null;
    return this.#histogram.getValueAtPercentile(quantile * 100);
  }

  /** How many samples are above the value, to the histogram's resolution. */
  countAbove(us: number): number {
    let count = 0;
    // build() without WebAssembly makes a JsHistogram, the only one whose values can be walked
    const values = (this.#histogram as JsHistogram).recordedValuesIterator;
    values.reset();
    while (values.hasNext()) {
      const value = values.next();
      if (value.valueIteratedTo > us) count += value.countAtValueIteratedTo;
    }
    return count;
  }

  summary(): LatencySummary {
    const some = this.count > 0;
    return {
      count: this.count,
      minUs: some ? this.#histogram.getValueAtPercentile(0) : null,
      p50Us: this.quantileUs(0.5),
      p90Us: this.quantileUs(0.9),
      p99Us: this.quantileUs(0.99),
      p999Us: this.quantileUs(0.999),
      p9999Us: this.quantileUs(0.9999),
      maxUs: some ? this.#histogram.maxValue : null,
      meanUs: some ? this.#histogram.mean : null,
      ...this.encode(),
    };
  }
}
