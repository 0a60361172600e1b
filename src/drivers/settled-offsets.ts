/**
 * Which offsets of one partition were handled, where all that is stored of it is a single number, the next
 * offset to read: that may only pass an offset when it and all before it are settled, in whatever order their
 * handlers finish.
 */
export class SettledOffsets {
  /** delivered, in this order; those before the head were passed */
  readonly #delivered: number[] = [];
  #head = 0;
  readonly #outOfTurn = new Set<number>();
  #passed: number | undefined;
  #committed: number | undefined;

  /** Offsets must grow; they may have gaps (compaction, control records, tracking chunks). */
  deliver(offset: number): void {
    this.#delivered.push(offset);
  }

  /** Each delivered offset must be settled at most once. */
  settle(offset: number): void {
    this.#outOfTurn.add(offset);
    for (;;) {
      const oldest = this.#delivered[this.#head];
      if (oldest === undefined || !this.#outOfTurn.delete(oldest)) break;
      this.#head += 1;
      this.#passed = oldest + 1;
    }
    this.#trim();
  }

  /** The next offset to read, as far as is settled; undefined where nothing was. */
  get passed(): number | undefined {
    return this.#passed;
  }

  /** The offset to commit, or undefined where the last commit still holds. */
  get committable(): number | undefined {
    return this.#passed === this.#committed ? undefined : this.#passed;
  }

  committed(offset: number): void {
    this.#committed = offset;
  }

  /** Gives the memory of passed offsets back, at a cost that is constant per offset. */
  #trim(): void {
    if (this.#head < 1024 || this.#head * 2 < this.#delivered.length) return;
    this.#delivered.splice(0, this.#head);
    this.#head = 0;
  }
}
