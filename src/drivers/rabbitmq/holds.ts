/**
 * Deliveries whose handler wants them again after a delay: they are kept unsettled for that long, for before 4.3
 * the broker returns a message to the head of its queue at once. They take their place in the window meanwhile.
 */
export class Holds {
  readonly #delayMs: number;
  readonly #held = new Map<NodeJS.Timeout, () => void>();

  constructor(delayMs: number) {
    this.#delayMs = delayMs;
  }

  hold(release: () => void): void {
    const timer = setTimeout(() => {
      this.#held.delete(timer);
      release();
    }, this.#delayMs);
    this.#held.set(timer, release);
  }

  /** Ends all waiting; each is returned now. */
  releaseAll(): void {
    for (const [timer, release] of this.#held) {
      clearTimeout(timer);
      release();
    }
    this.#held.clear();
  }
}
