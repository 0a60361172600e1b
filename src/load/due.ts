import type { Arrivals } from './arrivals.ts';

/** How many messages of a plan are due by a time: of its arrivals, not of their expectation. */
export class Due {
  readonly #arrivals: Arrivals;
  /** by second: messages due before it; as far as it was asked */
  readonly #before: number[] = [0];
  /** the next arrival, not counted yet; Infinity when there is none */
  #nextSeconds: number;
  #counted = 0;
  #endSeconds = Infinity;

  /** @param arrivals not advanced yet, and nobody else's */
  constructor(arrivals: Arrivals) {
    this.#arrivals = arrivals;
    this.#nextSeconds = arrivals.advance() ? arrivals.dueSeconds : Infinity;
  }

  /** Messages due in [0, second) from the start of the load. Walks the plan up to there, once. */
  before(second: number): number {
    for (let next = this.#before.length; next <= second; next++) this.#before.push(this.#countTo(next));
    return this.#before[second] ?? 0;
  }

  /** The load is given up: nothing is due from then on. Must not lie before a second that was asked for. */
  end(seconds: number): void {
    this.#endSeconds = Math.min(this.#endSeconds, seconds);
  }

  #countTo(second: number): number {
    const end = Math.min(second, this.#endSeconds);
    while (this.#nextSeconds < end) {
      this.#counted++;
      this.#nextSeconds = this.#arrivals.advance() ? this.#arrivals.dueSeconds : Infinity;
    }
    return this.#counted;
  }
}
