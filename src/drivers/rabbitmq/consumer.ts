import { setTimeout as delay } from 'node:timers/promises';
import type { ChannelModel, ConsumeMessage } from 'amqplib';
import type {
  Consumer,
  ConsumerOptions,
  Headers,
  ReceivedMessage,
  Settlement,
  Subscription,
} from '../driver.ts';
import type { Outcome, Retrying } from '../retrying.ts';
import type { RabbitmqConfig } from './config.ts';
import { Connection, type Tenant } from './connection.ts';
import { Gone } from './failure.ts';
import { noPlace } from './group.ts';
import { Holds } from './holds.ts';
import type { Intakes } from './intake.ts';
import { readPartitions } from './partitions.ts';
import { Session } from './session.ts';

/** How often a consumer looks whether others came or went; and while it does not have all of its share. */
const LOOK_EVERY_MS = 200;
const LOOK_SOON_MS = 20;
/** How long disposing waits for the server to take the last settlements. */
const GOODBYE_MS = 2_000;
/** How long opening waits for the others to make room. */
const SETTLE_IN_MS = 3_000;

interface Delivery {
  readonly session: Session;
  readonly message: ConsumeMessage;
}

type Mode = 'consuming' | 'paused';

/** `left`: the server takes it back when the connection ends */
type Answer = Settlement | Outcome;
type Handle = (message: ReceivedMessage) => Answer | Promise<Answer>;

interface Manner extends ConsumerOptions {
  /** how messages are taken from the partitions, and settled */
  readonly intakes: Intakes;
  /** the server forgets a message when it has sent it */
  readonly noAck: boolean;
  /** of the cluster */
  readonly nodes: number;
  /** behind the handler, where the topic has a retry policy that the broker does not carry out */
  readonly retrying: Retrying | undefined;
}

/**
 * Consumes its share of a subscription's partitions. At most `window` deliveries are with the handler at once;
 * the server holds further ones back by its prefetch, which is the window divided by the number of partitions.
 * Without acknowledgements (`fire-and-forget`) the server has no such limit: what is over the window waits
 * here, in memory, and what the handler returns has no effect.
 */
export class RabbitmqConsumer implements Consumer, Tenant, AsyncDisposable {
  readonly subscription: Subscription;
  readonly #options: Manner;
  readonly #noAck: boolean;
  readonly #handler: Handle;
  readonly #holds: Holds;
  readonly #place = noPlace();
  /** received, but the window was full */
  readonly #waiting: Delivery[] = [];
  #topicPartitions: number | undefined;
  #handling = 0;
  #emptying = false;
  #idle: (() => void) | undefined;
  #connection: Connection | undefined;
  #session: Session | undefined;
  #mode: Mode = 'consuming';
  #closed = false;
  #closing = false;
  /** looks, one after the other */
  #looks: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  private constructor(subscription: Subscription, options: Manner, handler: Handle) {
    this.subscription = subscription;
    this.#options = options;
    this.#noAck = options.noAck;
    this.#handler = handler;
    this.#holds = new Holds(options.retry?.delayMs ?? 0);
  }

  /** @throws UserError when there is no broker; Gone when there is no such subscription */
  static async open(
    subscription: Subscription,
    options: Manner,
    handler: Handle,
    config: RabbitmqConfig,
    signal: AbortSignal,
  ): Promise<RabbitmqConsumer> {
    const consumer = new RabbitmqConsumer(subscription, options, handler);
    try {
      consumer.#connection = await Connection.open(config, consumer, signal);
    } catch (error) {
      await options.intakes[Symbol.asyncDispose]();
      throw error;
    }
    consumer.#lookLater(LOOK_EVERY_MS);
    return consumer;
  }

  /** The partitions that it may have unsettled messages of. */
  get partitions(): readonly number[] {
    return this.#settling?.partitions ?? [];
  }

  /** Messages that it has received and the server does not know as settled. */
  get unsettled(): number {
    return this.#settling?.unsettled ?? 0;
  }

  /** the session whose deliveries the server counts as unsettled */
  get #settling(): Session | undefined {
    return this.#closed || this.#session?.ended === true ? undefined : this.#session;
  }

  async attach(model: ChannelModel): Promise<void> {
    this.#topicPartitions ??= await readPartitions(model, this.subscription.topic);
    const session = await Session.open(model, {
      subscription: this.subscription,
      partitions: this.#topicPartitions,
      window: this.#options.window,
      place: this.#place,
      nodes: this.#options.nodes,
      intakes: this.#options.intakes,
      onMessage: (from, message) => this.#receive({ session: from, message }),
      onEnd: () => this.#connection?.renew(model),
    });
    const untilMs = performance.now() + SETTLE_IN_MS;
    while (!(await session.balance(this.#mode)) && performance.now() < untilMs) await delay(LOOK_SOON_MS);
    this.#session = session;
  }

  lost(reason: Error): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#looks = this.#looks.then(() => this.#connection?.[Symbol.asyncDispose]());
    this.#options.onLost(reason);
  }

  pause(): Promise<void> {
    this.#mode = 'paused';
    return this.#look();
  }

  resume(): Promise<void> {
    this.#mode = 'consuming';
    return this.#look();
  }

  async close(): Promise<void> {
    await this.pause();
    this.#options.retrying?.stop();
    this.#closing = true;
    this.#holds.releaseAll();
    if (this.#handling > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    this.#closed = true;
    await this.#looks;
    await this.#session?.close();
    await this[Symbol.asyncDispose]();
  }

  /** Closes without waiting for the handlers; what they hold goes back to the queue. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#options.retrying?.stop();
    this.#holds.releaseAll();
    // amqplib would let the end of the connection overtake settlements that it has not written yet
    const goodbye = this.#session?.close() ?? Promise.resolve();
    await Promise.race([goodbye, delay(GOODBYE_MS, undefined, { ref: false })]);
    await this.#connection?.[Symbol.asyncDispose]();
    await this.#looks;
    await this.#options.intakes[Symbol.asyncDispose]();
    await this.#options.retrying?.close();
  }

  #lookLater(afterMs: number): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#looks = this.#look();
    }, afterMs);
  }

  /** Brings what is consumed from in line with the group and the mode. Never rejects. */
  #look(): Promise<void> {
    this.#looks = this.#looks.then(async () => {
      let balanced = true;
      try {
        if (!this.#closed && this.#session?.ended === false)
          balanced = await this.#session.balance(this.#mode);
      } catch (error) {
        // anything else ended the session too, and the next one begins with a look of its own
        if (error instanceof Gone) this.lost(error);
      }
      this.#lookLater(balanced ? LOOK_EVERY_MS : LOOK_SOON_MS);
    });
    return this.#looks;
  }

  #receive(delivery: Delivery): void {
    // on its way when the consumer ended
    if (this.#closed) return;
    if (this.#handling < this.#options.window) this.#handle(delivery);
    else this.#waiting.push(delivery);
  }

  #handle(delivery: Delivery): void {
    const { content, fields, properties } = delivery.message;
    this.#handling++;
    try {
      const settlement = this.#handler({
        payload: content,
        redelivered: fields.redelivered,
        headers: textHeaders(properties.headers),
      });
      if (typeof settlement === 'string') this.#handled(delivery, settlement);
      else
        settlement.then(
          (late) => this.#handled(delivery, late),
          (error: unknown) => this.#failed(error),
        );
    } catch (error) {
      this.#failed(error);
    }
  }

  #handled(delivery: Delivery, answer: Answer): void {
    if (answer === 'retry' && this.#options.retry !== undefined && !this.#closing) {
      this.#holds.hold(() => this.#settle(delivery, answer));
    } else this.#settle(delivery, answer);
  }

  #settle({ session, message }: Delivery, answer: Answer): void {
    if (answer !== 'left') session.settle(message, answer);
    this.#handling--;
    if (this.#waiting.length > 0) this.#handleWaiting();
    if (this.#handling === 0) this.#idle?.();
  }

  #handleWaiting(): void {
    // a handler that answers at once comes back here from within the loop
    if (this.#emptying) return;
    this.#emptying = true;
    while (this.#handling < this.#options.window) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      // the server has taken back what an ended session received, unless it had forgotten it at once
      if (!next.session.ended || this.#noAck) this.#handle(next);
    }
    this.#emptying = false;
  }

  /** A handler that throws is a bug, after which this consumer goes on with nothing. */
  #failed(error: unknown): void {
    this.lost(error instanceof Error ? error : new Error(String(error)));
    if (--this.#handling === 0) this.#idle?.();
  }
}

/** Those with text for a value: RabbitMQ adds others, such as the history of a dead letter. */
function textHeaders(headers: Readonly<Record<string, unknown>> | undefined): Headers | undefined {
  let found: Record<string, string> | undefined;
  for (const name in headers) {
    const value = headers[name];
    if (typeof value === 'string') (found ??= {})[name] = value;
  }
  return found;
}
