import { setTimeout as delay } from 'node:timers/promises';
import type { Channel, ChannelModel, ConfirmChannel } from 'amqplib';
import type { OutgoingMessage, Producer, ProducerOptions } from '../driver.ts';
import { SendError } from '../errors.ts';
import type { QueueType, RabbitmqConfig } from './config.ts';
import { Connection, type Tenant } from './connection.ts';
import { defaultMaxMessageBytes, type Conduct } from './contract.ts';
import { Gone, isGone, replyCode, sizeRefusal } from './failure.ts';
import { readPartitions } from './partitions.ts';
import { Publisher } from './publisher.ts';
import { routeOver, routingKeys, type Route } from './route.ts';

/** An election of a quorum queue's leader takes about as long. */
const RENEW_AFTER_MS = 500;
type OnThrottled = ProducerOptions['onThrottled'];

/** The only lane of a producer to queues. */
const ALL = 'all';

interface Manner {
  readonly conduct: Conduct;
  readonly queueType: QueueType;
  readonly onThrottled: OnThrottled;
}

/**
 * Publishes to the exchange of a topic. amqplib writes each message at once and without waiting for others,
 * so there is nothing for a linger to do.
 */
export class RabbitmqProducer implements Producer, Tenant, AsyncDisposable {
  readonly #topic: string;
  readonly #conduct: Conduct;
  readonly #queueType: QueueType;
  readonly #onThrottled: OnThrottled;
  #connection: Connection | undefined;
  #model: ChannelModel | undefined;
  /** by lane: the routing key of a stream, or ALL */
  readonly #publishers = new Map<string, Publisher>();
  /** lanes whose last publisher was given up, since the server did not store what it was sent */
  readonly #givenUp = new Set<string>();
  #lanes: readonly string[] = [];
  #route: Route | undefined;
  readonly #configuredMaxBytes: number | undefined;
  #maxMessageBytes = Infinity;
  /** why no message will be taken any more */
  #refusal: string | undefined;

  private constructor(topic: string, config: RabbitmqConfig, { conduct, queueType, onThrottled }: Manner) {
    this.#topic = topic;
    this.#conduct = conduct;
    this.#queueType = queueType;
    this.#onThrottled = onThrottled;
    this.#configuredMaxBytes = config.maxMessageBytes;
  }

  /** @throws UserError when there is no broker; Gone when there is no such topic */
  static async open(
    topic: string,
    manner: Manner,
    config: RabbitmqConfig,
    signal: AbortSignal,
  ): Promise<RabbitmqProducer> {
    const producer = new RabbitmqProducer(topic, config, manner);
    producer.#connection = await Connection.open(config, producer, signal);
    return producer;
  }

  async attach(model: ChannelModel): Promise<void> {
    this.#model = model;
    if (this.#route === undefined) {
      const partitions = await readPartitions(model, this.#topic);
      this.#lanes = this.#queueType === 'stream' ? routingKeys(partitions) : [ALL];
      this.#route = routeOver(partitions);
    }
    const { version } = model.connection.serverProperties;
    this.#maxMessageBytes = Math.min(
      this.#maxMessageBytes,
      this.#configuredMaxBytes ?? defaultMaxMessageBytes(version),
    );
    for (const lane of this.#lanes) {
      if (this.#publishers.has(lane)) continue;
      this.#publishers.set(lane, await this.#openPublisher(model, lane));
      this.#givenUp.delete(lane);
    }
  }

  lost(error: Error): void {
    this.#refusal = error.message;
  }

  blocked(reason: string | undefined): void {
    this.#onThrottled?.(reason);
  }

  send(message: OutgoingMessage): Promise<void> {
    const { key, payload, headers } = message;
    if (this.#refusal !== undefined) return Promise.reject(new SendError('refused', this.#refusal));
    if (payload.length > this.#maxMessageBytes) {
      const text = `message of ${payload.length} bytes is over the limit of ${this.#maxMessageBytes} (maxMessageBytes)`;
      return Promise.reject(new SendError('refused', text));
    }
    const routingKey = this.#route?.(key) ?? '';
    const lane = this.#queueType === 'stream' ? routingKey : ALL;
    const publisher = this.#publishers.get(lane);
    if (publisher === undefined) return Promise.reject(new SendError('failed', this.#away(lane)));
    return publisher.publish(routingKey, payload, headers);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#publishers.values()].map((publisher) => publisher.close()));
    await this[Symbol.asyncDispose]();
  }

  /** Closes without waiting for the sends under way: they become `unknown`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#refusal ??= 'the producer is closed';
    await this.#connection?.[Symbol.asyncDispose]();
  }

  async #openPublisher(model: ChannelModel, lane: string): Promise<Publisher> {
    const channel: Channel | ConfirmChannel = this.#conduct.confirms
      ? await model.createConfirmChannel()
      : await model.createChannel();
    const publisher = new Publisher(
      this.#topic,
      channel,
      this.#conduct,
      (error) => this.#ended(lane, publisher, error),
      () => void this.#giveUp(lane, publisher),
    );
    return publisher;
  }

  /**
   * Replaces a channel on which something was not stored. Nothing is sent until it has settled what it has, which
   * could overtake it. Both of this were seen on 3.10.8:
   *
   * - A channel that first publishes to a quorum queue between the loss of its leader and the election of the next
   *   goes on asking the lost one, and nacks everything until that is back (rabbit_fifo_client.erl, enqueue/3,
   *   `{badrpc, nodedown}`). A new channel asks the new leader.
   * - When a stream's leader changes, a channel sends what is unconfirmed again, but counted by all that was
   *   published on the channel in place of what was published to the stream (rabbit_stream_queue.erl, resend_all/1).
   *   Where the counts differ by n, the stream takes the next n messages for duplicates, and confirms them without
   *   storing them; and a send whose number nobody asked for is never confirmed. So each stream has a channel of its
   *   own, and one on which a message found no stream, which counts too, is not used any more.
   */
  async #giveUp(lane: string, publisher: Publisher): Promise<void> {
    if (this.#publishers.get(lane) !== publisher) return;
    this.#publishers.delete(lane);
    this.#givenUp.add(lane);
    await publisher.close();
    await delay(RENEW_AFTER_MS, undefined, { ref: false });
    // lost meanwhile, the connection brings one of its own
    if (!this.#publishers.has(lane)) this.#connection?.renew(this.#model);
  }

  #away(lane: string): string {
    return this.#givenUp.has(lane)
      ? 'the server could not store what was sent before'
      : `not connected to RabbitMQ: ${this.#connection?.trouble}`;
  }

  #ended(lane: string, publisher: Publisher, error: Error | undefined): void {
    if (this.#publishers.get(lane) === publisher) this.#publishers.delete(lane);
    const refusal = sizeRefusal(error);
    if (refusal !== undefined) this.#maxMessageBytes = Math.min(this.#maxMessageBytes, refusal.maxBytes);
    if (isGone(error)) this.lost(new Gone(`the topic ${this.#topic} is gone`));
    else if (replyCode(error) === 403 && error !== undefined) this.lost(error);
    else this.#connection?.renew(this.#model);
  }
}
