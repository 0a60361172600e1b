/**
 * How far one consumer has come in each partition, whatever became of its connections. It may know more than
 * is stored on the broker, and less where another consumer had the partition in between; so the larger of
 * the two holds.
 */
export class Progress {
  readonly #settled = new Map<number, number>();
  readonly #received = new Map<number, number>();

  /** All before this offset are settled; 0 while none is known to be. */
  settledTo(partition: number): number {
    return this.#settled.get(partition) ?? 0;
  }

  /** Notes that all before an offset are settled. It never goes back. */
  settle(partition: number, next: number): void {
    if (next > this.settledTo(partition)) this.#settled.set(partition, next);
  }

  /** Notes a delivery. @returns whether this consumer has had it before, on another connection */
  receive(partition: number, offset: number): 'new' | 'again' {
    if (offset <= (this.#received.get(partition) ?? -1)) return 'again';
    this.#received.set(partition, offset);
    return 'new';
  }
}
