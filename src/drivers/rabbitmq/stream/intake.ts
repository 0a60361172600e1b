import { setTimeout as delay } from 'node:timers/promises';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { Settlement, Subscription } from '../../driver.ts';
import { SettledOffsets } from '../../settled-offsets.ts';
import type { Channels } from '../channels.ts';
import type { RabbitmqConfig } from '../config.ts';
import { holdExclusively } from '../exclusive.ts';
import type { Intake, Intakes } from '../intake.ts';
import { lockName, streamName } from '../names.ts';
import { Settlements } from '../settlements.ts';
import { OffsetStore } from './offset-store.ts';
import { readOffset } from './offsets.ts';
import { Progress } from './progress.ts';
import { offsetOf } from './tail.ts';

/** As often as Kafka's clients of mqbench commit. */
export const STORE_EVERY_MS = 500;
/** How long the last store may take: an alarm of the server may hold it up. */
const FLUSH_MS = 2_000;

/** For a consumer of streams: its offsets, and how far it has come, outlive its sessions. */
export async function openStreamIntakes(
  subscription: Subscription,
  config: RabbitmqConfig,
  signal: AbortSignal,
): Promise<Intakes> {
  const store = await OffsetStore.open(subscription, config, signal);
  const memory = { subscription, store, progress: new Progress() };
  return {
    open: async (channels, onMessage) =>
      new StreamIntake(memory, channels, await channels.openDeliveries(), onMessage),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

interface Memory {
  readonly subscription: Subscription;
  readonly store: OffsetStore;
  readonly progress: Progress;
}

/** A partition that is this consumer's own. */
interface Lane {
  readonly partition: number;
  readonly offsets: SettledOffsets;
  /** the offset to read from next */
  next: number;
  /** what the broker has in store for it */
  stored: number;
  /** consumer tag; undefined while it is not read */
  tag: string | undefined;
}

/**
 * Reads the streams of its partitions, from where the subscription has settled them.
 *
 * A stream is read by everyone who asks: a single active consumer takes the stream protocol and 3.11 (docs/streams,
 * "Single Active Consumer"), and over AMQP 0.9.1 a stream is not declared with that argument (406 on 3.10.8). So
 * a consumer first takes a lock for the partition, an exclusive queue that ends with its connection, then
 * reads the stored offset, and stores offsets only while it has the lock.
 *
 * An acknowledgement tells the server only that it may send more. It sends whole chunks and so may exceed the
 * prefetch; the consumer keeps the surplus back from the handler.
 */
class StreamIntake implements Intake {
  readonly #subscription: Subscription;
  readonly #progress: Progress;
  readonly #store: OffsetStore;
  readonly #channels: Channels;
  readonly #deliveries: Channel;
  readonly #onMessage: (message: ConsumeMessage) => void;
  readonly #settlements: Settlements;
  readonly #lanes = new Map<number, Lane>();
  /** by consumer tag, of all that were ever read here */
  readonly #origins = new Map<string, Lane>();
  readonly #timer: NodeJS.Timeout;
  #storing: Promise<void> | undefined;
  #reads = 0;

  constructor(
    memory: Memory,
    channels: Channels,
    deliveries: Channel,
    onMessage: (message: ConsumeMessage) => void,
  ) {
    this.#subscription = memory.subscription;
    this.#progress = memory.progress;
    this.#store = memory.store;
    this.#channels = channels;
    this.#deliveries = deliveries;
    this.#onMessage = onMessage;
    this.#settlements = new Settlements(deliveries);
    this.#timer = setInterval(() => {
      this.#storing ??= this.#storeAll().finally(() => {
        this.#storing = undefined;
      });
    }, STORE_EVERY_MS);
  }

  get consumed(): readonly number[] {
    return [...this.#lanes.keys()];
  }

  get open(): number {
    return [...this.#lanes.values()].filter(({ tag }) => tag !== undefined).length;
  }

  get unsettled(): number {
    return this.#settlements.unsettled;
  }

  async take(partition: number, prefetch: number): Promise<void> {
    const lane = this.#lanes.get(partition) ?? (await this.#own(partition));
    if (lane === undefined || lane.tag !== undefined) return;
    // is for each consumer begun after it
    await this.#deliveries.prefetch(prefetch);
    const tag = `${partition}.${this.#reads++}`;
    this.#origins.set(tag, lane);
    lane.tag = tag;
    await this.#deliveries.consume(
      streamName(this.#subscription.topic, partition),
      (message) => this.#receive(lane, message),
      { consumerTag: tag, arguments: { 'x-stream-offset': lane.next } },
    );
  }

  async stop(): Promise<void> {
    for (const lane of this.#lanes.values()) {
      const { tag } = lane;
      lane.tag = undefined;
      if (tag !== undefined) await this.#deliveries.cancel(tag);
    }
  }

  async release(): Promise<void> {
    await this.#flush();
    for (const partition of this.consumed) {
      this.#lanes.delete(partition);
      await this.#channels.control.deleteQueue(lockName(this.#subscription, partition));
    }
    this.#origins.clear();
  }

  /** Whatever the settlement: who retries and who buries is `Retrying`, before it comes here. */
  settle(message: ConsumeMessage, _settlement: Settlement): void {
    const lane = this.#origins.get(message.fields.consumerTag);
    if (lane === undefined) return;
    lane.offsets.settle(offsetOf(message));
    if (lane.offsets.passed !== undefined) this.#progress.settle(lane.partition, lane.offsets.passed);
    this.#settlements.settle(message, 'done');
  }

  async #flush(): Promise<void> {
    this.#settlements.flush();
    const stored = (this.#storing ?? Promise.resolve()).then(() => this.#storeAll());
    const patience = new AbortController();
    try {
      await Promise.race([stored, delay(FLUSH_MS, undefined, { signal: patience.signal })]);
    } finally {
      patience.abort();
    }
  }

  async close(): Promise<void> {
    // every store is confirmed
    await this.#flush();
    await this.#channels.closeDeliveries(this.#deliveries);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  async #own(partition: number): Promise<Lane | undefined> {
    const { model } = this.#channels;
    if (!(await holdExclusively(model, lockName(this.#subscription, partition)))) return undefined;
    const stored = await readOffset(model, this.#subscription, partition);
    // asked again at the next look, with the lock in hand
    if (stored === undefined) return undefined;
    const next = Math.max(stored, this.#progress.settledTo(partition));
    const lane = { partition, offsets: new SettledOffsets(), next, stored, tag: undefined };
    this.#lanes.set(partition, lane);
    return lane;
  }

  /** @param message null when the server has cancelled the reading, as it does when the stream is deleted */
  #receive(lane: Lane, message: ConsumeMessage | null): void {
    if (message === null) {
      // tried again by the next look, which fails where the stream is gone for good
      lane.tag = undefined;
      return;
    }
    const offset = offsetOf(message);
    lane.next = offset + 1;
    lane.offsets.deliver(offset);
    this.#settlements.received();
    const isNew = this.#progress.receive(lane.partition, offset) === 'new';
    this.#onMessage(isNew ? message : { ...message, fields: { ...message.fields, redelivered: true } });
  }

  async #storeAll(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => this.#storeLane(lane)));
  }

  async #storeLane(lane: Lane): Promise<void> {
    const next = this.#progress.settledTo(lane.partition);
    if (next <= lane.stored) return;
    if (await this.#store.store(lane.partition, next)) lane.stored = next;
  }
}
