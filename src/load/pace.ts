/** A span in which the planned rate goes linearly from one value to another. Rates in messages per second. */
export interface Span {
  readonly fromPerSecond: number;
  readonly toPerSecond: number;
  readonly seconds: number;
}

/**
 * The plan of the load as its integral N(t): how many messages are due by t seconds after the start.
 * Its inverse says when the n-th is due, exactly and without drift for any sequence of steps and ramps
 * (the idea of vegeta's Pacer, in integral form).
 */
export class Pace {
  readonly spans: readonly Span[];
  /** messages due by the end of the last span; need not be whole */
  readonly total: number;
  readonly seconds: number;
  readonly #startCount: number[] = [];
  readonly #startSeconds: number[] = [];

  constructor(spans: readonly Span[]) {
    this.spans = spans;
    let count = 0;
    let seconds = 0;
    for (const span of spans) {
      this.#startCount.push(count);
      this.#startSeconds.push(seconds);
      count = settle(count + ((span.fromPerSecond + span.toPerSecond) / 2) * span.seconds);
      seconds += span.seconds;
    }
    this.total = count;
    this.seconds = seconds;
  }

  /** N(t): messages due in [0, t) seconds. */
  dueBy(seconds: number): number {
    let count = 0;
    for (const [index, span] of this.spans.entries()) {
      const inside = Math.min(span.seconds, seconds - (this.#startSeconds[index] ?? 0));
      if (inside <= 0) break;
      const slope = (span.toPerSecond - span.fromPerSecond) / span.seconds;
      count = (this.#startCount[index] ?? 0) + span.fromPerSecond * inside + (slope * inside * inside) / 2;
    }
    return count;
  }

  /** The index of the span in which the n-th message (from 0, need not be whole) is due. Requires n < total. */
  spanOf(n: number, from = 0): number {
    let index = from;
    while (index + 1 < this.spans.length && (this.#startCount[index + 1] ?? 0) <= n) index++;
    return index;
  }

  /** N⁻¹(n): seconds from the start at which the n-th message is due. Requires n < total. */
  dueAt(n: number, span = this.spanOf(n)): number {
    const { fromPerSecond, toPerSecond, seconds } = spanAt(this.spans, span);
    const inside = n - (this.#startCount[span] ?? 0);
    const slope = (toPerSecond - fromPerSecond) / seconds;
    // the root of slope/2·t² + from·t − inside = 0, in the form that does not cancel as the slope goes to 0
    const root = Math.sqrt(Math.max(0, fromPerSecond * fromPerSecond + 2 * slope * inside));
    const twiceMean = fromPerSecond + root;
    // nothing has passed where a ramp from 0 begins, and where so little has that its root underflows
    const elapsed = twiceMean === 0 ? 0 : (2 * inside) / twiceMean;
    return (this.#startSeconds[span] ?? 0) + elapsed;
  }
}

/**
 * 100/s for 0.07 s are 7 messages, not the 7.000000000000001 of binary arithmetic: an eighth would be due
 * when the span is over.
 */
function settle(count: number): number {
  const whole = Math.round(count);
  return Math.abs(count - whole) < 1e-9 * Math.max(1, whole) ? whole : count;
}

function spanAt(spans: readonly Span[], index: number): Span {
  const span = spans[index];
  if (span === undefined) throw new RangeError(`span ${index} of ${spans.length}`);
  return span;
}
