import type { Pending } from '../batcher.ts';

/** Messages that wait for a request to leave in. */
export interface Waiting {
  add(batch: readonly Pending[]): void;
  /**
   * Takes those that leave in one request; none where all of them must wait.
   * @param fits whether one more goes into the request; asked once a message, and taken at its word
   */
  take(fits: (pending: Pending) => boolean): readonly Pending[];
  /** The request that these left in has been answered. */
  answered(batch: readonly Pending[]): void;
}

/** Of a standard queue: whatever came first leaves first. */
export class WaitingInLine implements Waiting {
  readonly #line: Pending[] = [];

  add(batch: readonly Pending[]): void {
    this.#line.push(...batch);
  }

  take(fits: (pending: Pending) => boolean): readonly Pending[] {
    return this.#line.splice(0, leading(this.#line, fits));
  }

  answered(): void {
    // requests overtake each other here
  }
}

interface Group {
  readonly name: string;
  readonly line: Pending[];
}

/**
 * Of FIFO: the order within a group is that in which requests arrive, so that of each group one request at
 * most is under way. A request carries messages of several groups, which the provider's quota counts by request
 * (300 a second for a partition, https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html).
 */
export class WaitingByGroup implements Waiting {
  readonly #groupOf: (pending: Pending) => string;
  readonly #groups = new Map<string, Group>();
  /** groups of which something waits and nothing is under way, in the order in which that came about */
  readonly #free: Group[] = [];

  constructor(groupOf: (pending: Pending) => string) {
    this.#groupOf = groupOf;
  }

  add(batch: readonly Pending[]): void {
    for (const pending of batch) {
      const name = this.#groupOf(pending);
      const known = this.#groups.get(name);
      if (known !== undefined) {
        known.line.push(pending);
        continue;
      }
      const group = { name, line: [pending] };
      this.#groups.set(name, group);
      this.#free.push(group);
    }
  }

  take(fits: (pending: Pending) => boolean): readonly Pending[] {
    const batch: Pending[] = [];
    for (;;) {
      const [group] = this.#free;
      if (group === undefined) return batch;
      const taken = group.line.splice(0, leading(group.line, fits));
      if (taken.length === 0) return batch;
      batch.push(...taken);
      this.#free.shift();
      if (group.line.length > 0) return batch;
    }
  }

  answered(batch: readonly Pending[]): void {
    for (const name of new Set(batch.map(this.#groupOf))) {
      const group = this.#groups.get(name);
      if (group === undefined) throw new Error(`nothing of the group ${name} was under way`);
      if (group.line.length > 0) this.#free.push(group);
      else this.#groups.delete(name);
    }
  }
}

/** How many at the head of the line fit. */
function leading(line: readonly Pending[], fits: (pending: Pending) => boolean): number {
  const end = line.findIndex((pending) => !fits(pending));
  return end === -1 ? line.length : end;
}
