import type { MemoryFaults, MemoryTruth } from '../../drivers/memory/index.ts';
import { FaultInjector, identityOf, type StoredMessage } from './faults.ts';
import { SubscriptionQueue } from './subscription-queue.ts';

export interface TopicOptions {
  readonly name: string;
  readonly partitions: number;
  readonly subscriptions: readonly string[];
  readonly faults: MemoryFaults;
  /** see TopicSpec */
  readonly keeps?: 'all';
}

/** A topic: what is published to it goes, through its faults, to each of its subscriptions. */
export class Topic {
  readonly name: string;
  readonly subscriptions: ReadonlyMap<string, SubscriptionQueue>;
  readonly #faults: MemoryFaults;
  readonly #injector: FaultInjector;
  /** payloads as they were published; undefined where nothing is kept of what is settled */
  readonly #log: Buffer[] | undefined;
  #firstNs: number | undefined;
  readonly #deliveries: [string, number][] = [];

  constructor({ name, partitions, subscriptions, faults, keeps }: TopicOptions) {
    this.name = name;
    this.#log = keeps === 'all' ? [] : undefined;
    this.subscriptions = new Map(subscriptions.map((each) => [each, new SubscriptionQueue(partitions)]));
    this.#faults = faults;
    this.#injector = new FaultInjector(faults, (message) => {
      for (const queue of this.subscriptions.values()) queue.add({ ...message });
    });
  }

  publish(key: string, payload: Buffer, nowNs: number, headers?: Buffer): void {
    this.#firstNs ??= nowNs;
    const message: StoredMessage = {
      key,
      payload,
      headers,
      redelivered: false,
      dueNs: nowNs + this.#faults.delayMs * 1e6,
    };
    // what is overtaken or comes twice does so on its way to a subscription
    if (this.#injector.pass(message) === 'kept') this.#log?.push(payload);
  }

  /** Payloads of its log; an empty list is its end. */
  log(from: number, count: number): readonly Buffer[] {
    if (this.#log === undefined) throw new Error(`topic ${this.name} keeps no log`);
    return this.#log.slice(from, from + count);
  }

  /** When the topic stands still, if it ever does; known from its first message on. */
  stall(): { readonly fromNs: number; readonly toNs: number } | undefined {
    const { stallAtMs, stallForMs } = this.#faults;
    if (stallAtMs === undefined || this.#firstNs === undefined) return undefined;
    const fromNs = this.#firstNs + stallAtMs * 1e6;
    return { fromNs, toNs: fromNs + stallForMs * 1e6 };
  }

  /** Notes when a message that was held back is written to its consumer: that, too, is of the truth. */
  delivering({ payload, redelivered }: StoredMessage, atNs: number): void {
    if (this.#faults.delayMs > 0 && !redelivered) this.#deliveries.push([identityOf(payload), atNs]);
  }

  truth(): MemoryTruth {
    return { ...this.#injector.truth(), deliveries: this.#deliveries };
  }

  [Symbol.dispose](): void {
    this.#injector[Symbol.dispose]();
  }
}
