import { setTimeout as delay } from 'node:timers/promises';
import type { Channel, ChannelModel, ConfirmChannel } from 'amqplib';
import type { OutgoingMessage, Producer, ProducerOptions } from '../driver.ts';
import { SendError } from '../errors.ts';
import type { RabbitmqConfig } from './config.ts';
import { Connection, type Tenant } from './connection.ts';
import { defaultMaxMessageBytes, type Conduct } from './contract.ts';
import { Gone, isGone, replyCode, sizeRefusal } from './failure.ts';
import { readPartitions } from './partitions.ts';
import { Publisher } from './publisher.ts';
import { routeOver, type Route } from './route.ts';

/** An election of a quorum queue's leader takes about as long. */
const RENEW_AFTER_MS = 500;
type OnThrottled = ProducerOptions['onThrottled'];

interface Manner {
  readonly conduct: Conduct;
  readonly onThrottled: OnThrottled;
}

/**
 * Publishes to the exchange of a topic. amqplib writes each message at once and without waiting for others,
 * so there is nothing for a linger to do.
 */
export class RabbitmqProducer implements Producer, Tenant, AsyncDisposable {
  readonly #topic: string;
  readonly #conduct: Conduct;
  readonly #onThrottled: OnThrottled;
  #connection: Connection | undefined;
  #publisher: Publisher | undefined;
  #route: Route | undefined;
  readonly #configuredMaxBytes: number | undefined;
  #maxMessageBytes = Infinity;
  /** why there is no publisher, while the connection is there */
  #hasNacked = false;
  /** why no message will be taken any more */
  #refusal: string | undefined;

  private constructor(topic: string, config: RabbitmqConfig, { conduct, onThrottled }: Manner) {
    this.#topic = topic;
    this.#conduct = conduct;
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
    this.#route ??= routeOver(await readPartitions(model, this.#topic));
    const { version } = model.connection.serverProperties;
    this.#maxMessageBytes = Math.min(
      this.#maxMessageBytes,
      this.#configuredMaxBytes ?? defaultMaxMessageBytes(version),
    );
    const channel: Channel | ConfirmChannel = this.#conduct.confirms
      ? await model.createConfirmChannel()
      : await model.createChannel();
    const publisher = new Publisher(
      this.#topic,
      channel,
      this.#conduct,
      (error) => this.#ended(publisher, error),
      () => void this.#nacked(publisher),
    );
    this.#publisher = publisher;
    this.#hasNacked = false;
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
    if (this.#publisher === undefined || this.#route === undefined) {
      return Promise.reject(new SendError('failed', this.#away()));
    }
    return this.#publisher.publish(this.#route(key), payload, headers);
  }

  async close(): Promise<void> {
    await this.#publisher?.close();
    await this[Symbol.asyncDispose]();
  }

  /** Closes without waiting for the sends under way: they become `unknown`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#refusal ??= 'the producer is closed';
    await this.#connection?.[Symbol.asyncDispose]();
  }

  /**
   * A channel that first publishes to a quorum queue between the loss of its leader and the election of the next
   * goes on asking the lost one, and nacks everything until that is back (3.10.8: rabbit_fifo_client.erl,
   * enqueue/3, `{badrpc, nodedown}`). A new channel asks the new leader. Nothing is sent until the old one has
   * settled what it has, which could overtake it.
   */
  async #nacked(publisher: Publisher): Promise<void> {
    if (this.#publisher !== publisher) return;
    this.#publisher = undefined;
    this.#hasNacked = true;
    await publisher.close();
    await delay(RENEW_AFTER_MS, undefined, { ref: false });
    // lost meanwhile, the connection brings one of its own
    if (this.#publisher === undefined) this.#connection?.renew();
  }

  #away(): string {
    return this.#hasNacked
      ? 'the server could store nothing (basic.nack)'
      : `not connected to RabbitMQ: ${this.#connection?.trouble}`;
  }

  #ended(publisher: Publisher, error: Error | undefined): void {
    if (this.#publisher === publisher) this.#publisher = undefined;
    const refusal = sizeRefusal(error);
    if (refusal !== undefined) this.#maxMessageBytes = Math.min(this.#maxMessageBytes, refusal.maxBytes);
    if (isGone(error)) this.lost(new Gone(`the topic ${this.#topic} is gone`));
    else if (replyCode(error) === 403 && error !== undefined) this.lost(error);
    else this.#connection?.renew();
  }
}
