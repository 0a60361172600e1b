import type { Headers } from '../../driver.ts';
import type { Delivery, Inbox, Receiver, ReceiverSpec } from '../client.ts';
import { closeTimeoutMs } from '../limits.ts';
import { partitionName } from '../names.ts';
import { within } from '../../within.ts';
import type { NativeConsumer, NativeMessage, NativePulsar } from './api.ts';

/**
 * One consumer of the library for each partition, and one `receive` under way on each. Several on one consumer
 * would not keep its order: each is a handle of libuv of its own, and those that are ready in the same turn are
 * closed, and so resolve, last first. The library's listener does keep it, but at half the throughput (measured:
 * 9,000 against 14,500 messages a second), as its thread waits for the event loop at each message.
 */
export class NativeReceiver implements Receiver {
  readonly #consumers: readonly NativeConsumer[];
  readonly #inbox: Inbox;
  readonly #loops: readonly Promise<void>[];
  #isClosed = false;

  static async open(
    client: NativePulsar,
    topic: string,
    { subscription, partitions, consumerName, window }: ReceiverSpec,
    inbox: Inbox,
  ): Promise<NativeReceiver> {
    const opening = Array.from({ length: partitions }, (_, partition) =>
      client.subscribe({
        topic: partitionName(topic, partition),
        subscription: subscription.name,
        subscriptionType: 'Failover',
        subscriptionInitialPosition: 'Earliest',
        consumerName,
        receiverQueueSize: Math.max(1, Math.ceil(window / partitions)),
        batchIndexAckEnabled: true,
      }),
    );
    const outcomes = await Promise.allSettled(opening);
    const consumers = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const failure = outcomes.find((each) => each.status === 'rejected');
    if (failure !== undefined) {
      await Promise.all(consumers.map(closed));
      throw failure.reason;
    }
    return new NativeReceiver(consumers, inbox);
  }

  private constructor(consumers: readonly NativeConsumer[], inbox: Inbox) {
    this.#consumers = consumers;
    this.#inbox = inbox;
    this.#loops = consumers.map((consumer) => this.#run(consumer));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    // sends the acknowledgements that it has gathered
    await Promise.all(this.#consumers.map(closed));
    await Promise.all(this.#loops);
  }

  async #run(consumer: NativeConsumer): Promise<void> {
    for (;;) {
      if ((await this.#inbox.room()) === 'ended') return;
      try {
        this.#inbox.receive(new NativeDelivery(consumer, await consumer.receive()));
      } catch (error) {
        // a connection that is lost is the library's to open again, and no error of `receive`
        if (!this.#isClosed) this.#inbox.lost(error instanceof Error ? error : new Error(String(error)));
        return;
      }
    }
  }
}

class NativeDelivery implements Delivery {
  readonly payload: Buffer;
  readonly redelivered: boolean;
  readonly isStale = false;
  readonly #consumer: NativeConsumer;
  readonly #message: NativeMessage;

  constructor(consumer: NativeConsumer, message: NativeMessage) {
    this.#consumer = consumer;
    this.#message = message;
    this.payload = message.getData();
    this.redelivered = message.getRedeliveryCount() > 0;
  }

  /** Fetched when they are asked for: the add-on makes an object of them, with or without any. */
  get headers(): Headers | undefined {
    const properties = Object.entries(this.#message.getProperties()) as [string, string][];
    return properties.length === 0 ? undefined : Object.fromEntries(properties);
  }

  acknowledge(): void {
    // one that fails leaves the message unsettled: it is delivered again, as promised
    this.#consumer.acknowledge(this.#message).catch(() => undefined);
  }
}

async function closed(consumer: NativeConsumer): Promise<void> {
  // a broker that is away misses it by its connection
  await within(closeTimeoutMs, consumer.close(), 'closing a consumer').catch(() => null);
}
