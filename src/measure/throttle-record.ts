/** How long the broker held producers back, in its own account of it. */
export interface Throttling {
  readonly seconds: number;
  /** the broker's reasons, `low on memory` */
  readonly reason: string;
}

export interface Span {
  readonly fromNs: number;
  readonly toNs: number;
}

/**
 * Adds up the time in which at least one producer was held back, within the spans that count. Without spans it
 * counts nothing, and remembers who is held.
 */
export class ThrottleRecord {
  /** by producer: why it is held */
  readonly #held = new Map<number, string>();
  readonly #reasons = new Set<string>();
  #counting: readonly Span[] = [];
  #countedToNs = 0;
  #totalNs = 0;

  /** From now on, these spans count. */
  count(spans: readonly Span[]): void {
    this.#counting = spans;
  }

  /** @param reason why the broker holds the producer back; undefined: it does not any more */
  note(producer: number, reason: string | undefined, nowNs: number): void {
    this.#advance(nowNs);
    if (reason === undefined) this.#held.delete(producer);
    else this.#held.set(producer, reason);
  }

  /** Nothing is to be sent any more: whoever is held back from now on is held back from nothing. */
  end(nowNs: number): void {
    this.#advance(nowNs);
    this.#counting = [];
  }

  /** undefined where nobody was held back in the time that counts */
  account(nowNs: number): Throttling | undefined {
    this.#advance(nowNs);
    if (this.#totalNs === 0) return undefined;
    return { seconds: this.#totalNs / 1e9, reason: [...this.#reasons].join(', ') };
  }

  #advance(nowNs: number): void {
    for (const { fromNs, toNs } of this.#counting) {
      const goneNs = Math.min(nowNs, toNs) - Math.max(this.#countedToNs, fromNs);
      if (goneNs <= 0 || this.#held.size === 0) continue;
      this.#totalNs += goneNs;
      for (const reason of this.#held.values()) this.#reasons.add(reason);
    }
    this.#countedToNs = nowNs;
  }
}
