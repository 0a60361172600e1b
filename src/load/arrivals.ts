import { Random } from '../stats/index.ts';
import type { Pace } from './pace.ts';

/**
 * Walks the planned arrivals in order. A cursor instead of an iterator, so that nothing is allocated per
 * message: `advance()` moves to the next arrival, whose time and phase then stand in the fields.
 *
 * `uniform`: the k-th is due at N⁻¹(k). `poisson`: at N⁻¹(E_k), where E_k is the k-th arrival of a Poisson
 * process of rate 1; so the number of arrivals varies by its own square root, as customers do.
 */
export class Arrivals {
  /** seconds from the start of the load */
  dueSeconds = 0;
  /** index of the phase in which it is due */
  phase = 0;
  readonly #pace: Pace;
  readonly #random: Random | undefined;
  #position = 0;
  #started = false;

  constructor(pace: Pace, process: 'uniform' | 'poisson', seed: number) {
    this.#pace = pace;
    this.#random = process === 'poisson' ? new Random(seed, 'arrivals') : undefined;
  }

  /** @returns false when the plan is at its end; the fields then hold no arrival. */
  advance(): boolean {
    if (this.#random !== undefined) this.#position += this.#random.exponential();
    else if (this.#started) this.#position += 1;
    this.#started = true;
    if (this.#position >= this.#pace.total) return false;
    this.phase = this.#pace.spanOf(this.#position, this.phase);
    this.dueSeconds = this.#pace.dueAt(this.#position, this.phase);
    return true;
  }
}
