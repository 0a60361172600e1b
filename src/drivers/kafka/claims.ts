type Offsets = ReadonlyMap<number, number>;

/**
 * Commits made before handling, one request at a time: what is claimed while one is under way goes together
 * with the next. Kafka 4 answers a commit after 5 ms at the soonest (group.coordinator.append.linger.ms).
 */
export class Claims {
  readonly #commit: (offsets: Offsets) => Promise<void>;
  #waiting = new Map<number, number>();
  #next: Promise<void> | undefined;
  #current: Promise<void> = Promise.resolve();

  constructor(commit: (offsets: Offsets) => Promise<void>) {
    this.#commit = commit;
  }

  /** Resolves when the group has the offsets; rejects when that is not certain. */
  claim(offsets: Offsets): Promise<void> {
    for (const [partition, offset] of offsets) this.#waiting.set(partition, offset);
    this.#next ??= this.#commitNext(this.#current);
    return this.#next;
  }

  async #commitNext(current: Promise<void>): Promise<void> {
    // how it ended is the business of those who claimed it
    await Promise.allSettled([current]);
    const offsets = this.#waiting;
    this.#waiting = new Map();
    this.#next = undefined;
    this.#current = this.#commit(offsets);
    await this.#current;
  }
}
