import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from 'hdr-histogram-js';

/** Larger is refused. */
const LARGEST = 100_000_000_000;

/** A distribution of whole numbers, of bytes or ns, to three significant digits. */
export class WholeNumbers {
  readonly #histogram: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: LARGEST,
    numberOfSignificantValueDigits: 3,
    autoResize: false,
  });

  /** @throws RangeError for what is negative, or beyond 100 s in ns */
  record(value: number): void {
    const whole = Math.round(value);
    if (!(whole >= 0 && whole <= LARGEST)) throw new RangeError(`${value} is no such number`);
    this.#histogram.recordValue(whole);
  }

  /** Adds what another one encoded. */
  add(encoded: string | null): void {
    if (encoded !== null) this.#histogram.add(decodeFromCompressedBase64(encoded));
  }

  /** As plain data for another thread or host; null for none. */
  encode(): string | null {
    return this.count === 0 ? null : encodeIntoCompressedBase64(this.#histogram);
  }

  get count(): number {
    return this.#histogram.totalCount;
  }

  /** null for none */
  get max(): number | null {
    return this.count === 0 ? null : this.#histogram.maxValue;
  }

  /** null where fewer than ten values lie beyond it */
  quantile(quantile: number): number | null {
    if (this.count * (1 - quantile) < 10 - 1e-6) return null;
    return this.#histogram.getValueAtPercentile(quantile * 100);
  }
}
