import type { MemoryFaults, MemoryTruth } from '../../drivers/memory/index.ts';
import { FaultInjector, identityOf, type StoredMessage } from './faults.ts';
import { SubscriptionQueue } from './subscription-queue.ts';

/** A topic: what is published to it goes, through its faults, to each of its subscriptions. */
export class Topic {
  readonly name: string;
  readonly subscriptions: ReadonlyMap<string, SubscriptionQueue>;
  readonly #faults: MemoryFaults;
  readonly #injector: FaultInjector;
  #firstNs: number | undefined;
  readonly #deliveries: [string, number][] = [];

  constructor(name: string, partitions: number, subscriptions: readonly string[], faults: MemoryFaults) {
    this.name = name;
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
    this.#injector.pass(message);
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
