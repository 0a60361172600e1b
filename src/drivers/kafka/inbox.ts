import type { Headers, ReceivedMessage, Settlement } from '../driver.ts';
import type { Outcome } from '../retrying.ts';
import { UserError } from '../../user-error.ts';
import { SettledOffsets } from '../settled-offsets.ts';

export interface FetchedRecord {
  readonly partition: number;
  readonly offset: number;
  readonly payload: Buffer;
  readonly headers: Headers | undefined;
}

type Handled = Settlement | Outcome;

export interface InboxOptions {
  readonly window: number;
  readonly handle: (message: ReceivedMessage) => Handled | Promise<Handled>;
  /** commits the end of what was fetched before it is handled; undefined: settle after handling */
  readonly claim: ((offsets: ReadonlyMap<number, number>) => Promise<void>) | undefined;
  /** the group is about to give partitions to other members: the last moment to commit */
  readonly onRebalancing: () => void;
  readonly onLost: (error: Error) => void;
}

/**
 * Between what a client fetches and the handler: holds what the window has no room for, and knows for each
 * partition of this member what was delivered and settled.
 */
export class Inbox {
  readonly #options: InboxOptions;
  readonly #owned = new Map<number, Ownership>();
  /** highest offset delivered by this consumer, also of partitions that it lost since */
  readonly #delivered = new Map<number, number>();
  #memberId: string | undefined;
  #queue: Queued[] = [];
  #head = 0;
  #underWay = 0;
  #state: 'running' | 'paused' | 'stopped' = 'running';
  #roomWaiters: (() => void)[] = [];
  #idleWaiters: (() => void)[] = [];

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /**
   * The partitions that the group has given to this member, before any of their records are offered. A
   * member that keeps its id has missed no generation (a broker expels one that does), so that a partition
   * which it keeps was nobody else's: what it holds of it needs no second delivery.
   * @returns those that it did not have before, and whose committed offset it has to look up
   */
  assign(memberId: string, partitions: readonly number[]): readonly number[] {
    if (memberId !== this.#memberId) this.#owned.clear();
    this.#memberId = memberId;
    for (const partition of this.#owned.keys()) {
      if (!partitions.includes(partition)) this.#owned.delete(partition);
    }
    const fresh = partitions.filter((partition) => !this.#owned.has(partition));
    for (const partition of fresh) this.#owned.set(partition, new Ownership(partition));
    return fresh;
  }

  /**
   * Takes over what was fetched, in order. Records that it holds already, or of a partition that is not
   * this member's, are left out. Rejects only where it claims records and could not: then it has taken none.
   */
  async offer(records: readonly FetchedRecord[]): Promise<void> {
    const { claim } = this.#options;
    const news = records.filter(({ partition, offset }) => this.#owned.get(partition)?.isNew(offset));
    if (claim !== undefined && news.length > 0) {
      await claim(new Map(news.map(({ partition, offset }) => [partition, offset + 1])));
    }
    for (const record of news) {
      const ownership = this.#owned.get(record.partition);
      if (ownership === undefined) continue;
      ownership.next = record.offset + 1;
      this.#queue.push({ record, ownership });
    }
    this.#deliver();
  }

  /** Whether more should be fetched. A stopped one takes, and drops, whatever comes. */
  get hasRoom(): boolean {
    if (this.#state === 'stopped') return true;
    return this.#state === 'running' && this.#queue.length - this.#head < this.#options.window;
  }

  /** Resolves when there is room, at once if there is, or when woken. */
  room(): Promise<void> {
    return this.hasRoom ? Promise.resolve() : new Promise((resolve) => this.#roomWaiters.push(resolve));
  }

  /** Ends the wait for room although there is none: something else has to be looked at. */
  wake(): void {
    for (const resolve of this.#roomWaiters.splice(0)) resolve();
  }

  rebalancing(): void {
    this.#options.onRebalancing();
  }

  /** The member cannot go on. */
  lost(error: Error): void {
    this.#options.onLost(error);
  }

  pause(): void {
    if (this.#state === 'running') this.#state = 'paused';
  }

  resume(): void {
    if (this.#state === 'paused') this.#state = 'running';
    this.#deliver();
  }

  /** Ends delivery for good. */
  stop(): void {
    this.#state = 'stopped';
    this.#queue = [];
    this.#head = 0;
    this.#tellRoom();
  }

  /** Resolves when no handler is under way. */
  idle(): Promise<void> {
    return this.#underWay === 0
      ? Promise.resolve()
      : new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  /** Those of the offsets whose partitions are this member's, as they may not be any more. */
  owned(offsets: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
    return new Map([...offsets].filter(([partition]) => this.#owned.has(partition)));
  }

  /** What may be committed, by partition; nothing where it was claimed, and a commit could only go back. */
  committable(): Map<number, number> {
    const offsets = new Map<number, number>();
    if (this.#options.claim !== undefined) return offsets;
    for (const [partition, { settled }] of this.#owned) {
      if (settled.committable !== undefined) offsets.set(partition, settled.committable);
    }
    return offsets;
  }

  committed(offsets: ReadonlyMap<number, number>): void {
    for (const [partition, offset] of offsets) this.#owned.get(partition)?.settled.committed(offset);
  }

  #deliver(): void {
    while (this.#state === 'running' && this.#underWay < this.#options.window) {
      const queued = this.#queue[this.#head];
      if (queued === undefined) break;
      this.#head += 1;
      if (this.#owned.get(queued.record.partition) === queued.ownership) this.#handle(queued);
    }
    this.#trim();
    this.#tellRoom();
  }

  #handle({ record, ownership }: Queued): void {
    const { partition, offset, payload, headers } = record;
    const highest = this.#delivered.get(partition) ?? -1;
    if (offset > highest) this.#delivered.set(partition, offset);
    ownership.settled.deliver(offset);
    this.#underWay += 1;
    try {
      const settlement = this.#options.handle({ payload, redelivered: offset <= highest, headers });
      if (typeof settlement === 'string') {
        this.#underWay -= 1;
        this.#settle(ownership, offset, settlement);
      } else {
        settlement.then(
          (value) => this.#finish(() => this.#settle(ownership, offset, value)),
          (error: unknown) => this.#finish(() => this.#fail(error)),
        );
      }
    } catch (error) {
      this.#finish(() => this.#fail(error));
    }
  }

  #finish(settle: () => void): void {
    this.#underWay -= 1;
    settle();
    if (this.#underWay === 0) {
      for (const resolve of this.#idleWaiters.splice(0)) resolve();
    }
    this.#deliver();
  }

  #settle(ownership: Ownership, offset: number, settlement: Handled): void {
    if (settlement === 'done') {
      ownership.settled.settle(offset);
      return;
    }
    // the partition's committed offset does not pass it, so that the next owner gets it and what is behind it
    if (settlement === 'left') return;
    this.lost(
      new UserError(`kafka cannot settle a single message with '${settlement}'`, {
        code: 'kafka.settlement',
        exitCode: 2,
        hint: `give the topic a retry policy, which has mqbench do it, or use another broker`,
      }),
    );
  }

  #fail(error: unknown): void {
    this.lost(new Error('the handler failed', { cause: error }));
  }

  #tellRoom(): void {
    if (this.hasRoom) this.wake();
  }

  #trim(): void {
    if (this.#head < this.#queue.length) {
      if (this.#head < 1024) return;
      this.#queue.splice(0, this.#head);
    } else {
      this.#queue = [];
    }
    this.#head = 0;
  }
}

interface Queued {
  readonly record: FetchedRecord;
  readonly ownership: Ownership;
}

/** One partition, from its assignment to this member until it is taken away. */
class Ownership {
  readonly partition: number;
  readonly settled = new SettledOffsets();
  /** the first offset that is not held yet */
  next = 0;

  constructor(partition: number) {
    this.partition = partition;
  }

  isNew(offset: number): boolean {
    return offset >= this.next;
  }
}
