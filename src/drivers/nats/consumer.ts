import { setTimeout as delay } from 'node:timers/promises';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import type {
  Consumer,
  ConsumerOptions,
  Handler,
  OutgoingMessage,
  Settlement,
  Subscription,
} from '../driver.ts';
import { SendError } from '../errors.ts';
import type { Connection } from './connection.ts';
import { deadLetter } from './dead-letter.ts';
import { answers, deliveryFacts, type DeliveryFacts } from './delivery.ts';
import { Gone, notAuthorised } from './failure.ts';
import { fromMsgHdrs } from './headers.ts';
import { Puller } from './puller.ts';
import { Settler } from './settler.ts';
import { atMost } from './within.ts';

/** Between attempts to store a dead letter on a broker that is away. */
const BURY_AGAIN_MS = 200;
/** How long closing and disposing wait for the server to take the last settlements. */
const GOODBYE_MS = 2_000;

interface Delivery {
  readonly message: Msg;
  readonly facts: DeliveryFacts;
  readonly puller: Puller;
}

export interface ConsumerParts {
  readonly connection: Connection;
  readonly subscription: Subscription;
  readonly stream: string;
  readonly durables: readonly string[];
  readonly options: ConsumerOptions;
  readonly ackWaitMs: number;
  /** the server forgets a message when it has sent it */
  readonly noAck: boolean;
  readonly newInbox: () => string;
  /** Whether the durables are there. Rejects where that cannot be told. */
  readonly stillThere: () => Promise<boolean>;
  /** Stores a dead letter; rejects when that is not certain. */
  readonly bury: (letter: OutgoingMessage) => Promise<void>;
}

/**
 * Consumes the durables of a subscription. `retry` is a negative acknowledgement, whose delay the server waits
 * for, with the message in nobody's hands; the server counts the deliveries of each message, so that its
 * attempts are counted over all consumers, and over their deaths too. What is out of attempts, or rejected, is
 * stored as a dead letter by this consumer before it is settled.
 */
export class NatsConsumer implements Consumer, AsyncDisposable {
  readonly #parts: ConsumerParts;
  readonly #handler: Handler;
  readonly #pullers: readonly Puller[];
  readonly #settler: Settler;
  readonly #waiting: Delivery[] = [];
  readonly #end = new AbortController();
  readonly #leave: () => void;
  #handling = 0;
  #emptying = false;
  #mode: 'consuming' | 'paused' | 'ended' = 'consuming';
  #idle: () => void = () => {};
  #looking = false;

  constructor(parts: ConsumerParts, handler: Handler) {
    this.#parts = parts;
    this.#handler = handler;
    this.#settler = new Settler(parts.connection, parts.ackWaitMs);
    const share = Math.max(1, Math.floor(parts.options.window / parts.durables.length));
    this.#pullers = parts.durables.map((durable) => {
      const puller: Puller = new Puller({
        stream: parts.stream,
        durable,
        share,
        newInbox: parts.newInbox,
        onMessage: (message) => this.#receive(message, puller),
        onTrouble: () => void this.#look(),
      });
      return puller;
    });
    const { endpoint } = parts.connection;
    const heedNoMore = parts.connection.onViolation((violation) => {
      const { subject } = violation;
      const ours = [`$JS.API.CONSUMER.MSG.NEXT.${parts.stream}.`, `$JS.ACK.${parts.stream}.`, '_INBOX.'];
      if (ours.some((start) => subject.startsWith(start)))
        this.#lost(notAuthorised(endpoint.address, violation, undefined));
    });
    const leave = parts.connection.tenant((nc) => this.#attach(nc));
    this.#leave = () => {
      heedNoMore();
      leave();
    };
  }

  async pause(): Promise<void> {
    if (this.#mode !== 'consuming') return;
    this.#mode = 'paused';
    await Promise.all(this.#pullers.map((puller) => puller.stop()));
  }

  resume(): Promise<void> {
    if (this.#mode === 'paused') {
      this.#mode = 'consuming';
      const nc = this.#parts.connection.current;
      if (nc !== undefined) this.#attach(nc);
    }
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await this.pause();
    if (this.#handling > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    await this.#settler.confirmed(GOODBYE_MS);
    await this[Symbol.asyncDispose]();
  }

  /** Closes without waiting for the handlers; what they hold is given back to the server. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#mode === 'ended') return;
    await atMost(GOODBYE_MS, this.pause());
    await atMost(GOODBYE_MS, this.#requestsForgotten());
    this.#finish();
    await this.#settler.giveBack(GOODBYE_MS);
  }

  /**
   * The server keeps requests whose inbox is gone until it looks at them, as it does for CONSUMER.INFO. Given
   * back before that, the first message is tried on such a request, and nats-server 2.9 then forgets it until
   * ack_wait and delivers another one twice, as if for the first time (server/consumer.go,
   * loopAndGatherMsgs: `o.sseq--` also for a redelivery; seen on 2.9.10). Never rejects.
   */
  async #requestsForgotten(): Promise<void> {
    if (this.#parts.noAck || this.#parts.connection.current === undefined) return;
    await this.#look();
  }

  #attach(nc: NatsConnection): void {
    this.#settler.catchUp();
    if (this.#mode === 'consuming') for (const puller of this.#pullers) puller.start(nc);
  }

  #finish(): void {
    this.#mode = 'ended';
    this.#leave();
    this.#end.abort();
    this.#waiting.length = 0;
  }

  #lost(reason: Error): void {
    if (this.#mode === 'ended') return;
    this.#finish();
    for (const puller of this.#pullers) puller.abandon();
    this.#settler.stop();
    this.#parts.options.onLost(reason);
  }

  /** Whether the subscription is still there. Never rejects. */
  async #look(): Promise<void> {
    if (this.#looking || this.#mode === 'ended') return;
    this.#looking = true;
    try {
      const { topic, name } = this.#parts.subscription;
      if (!(await this.#parts.stillThere()))
        this.#lost(new Gone(`the subscription ${topic}/${name} is gone`));
    } catch {
      // the server cannot tell now: it is asked again when the next request fails
    } finally {
      this.#looking = false;
    }
  }

  #receive(message: Msg, puller: Puller): void {
    const facts = deliveryFacts(message.reply);
    if (facts === undefined || this.#mode === 'ended') return;
    if (!this.#parts.noAck) this.#settler.hold(message.reply ?? '');
    const delivery = { message, facts, puller };
    if (this.#handling < this.#parts.options.window) this.#handle(delivery);
    else this.#waiting.push(delivery);
  }

  #handle(delivery: Delivery): void {
    const { message, facts } = delivery;
    this.#handling++;
    try {
      const settlement = this.#handler({
        payload: Buffer.from(message.data.buffer, message.data.byteOffset, message.data.byteLength),
        redelivered: facts.deliveryCount > 1,
        headers: fromMsgHdrs(message.headers),
      });
      if (settlement === 'done') this.#settled(delivery, answers.done);
      else
        this.#follow(delivery, settlement).catch((error: unknown) => {
          this.#failed(error);
        });
    } catch (error) {
      this.#failed(error);
    }
  }

  async #follow(delivery: Delivery, pending: Settlement | Promise<Settlement>): Promise<void> {
    const settlement = await pending;
    const { retry } = this.#parts.options;
    const { deliveryCount } = delivery.facts;
    if (settlement === 'done') this.#settled(delivery, answers.done);
    else if (settlement === 'reject' || (retry !== undefined && deliveryCount >= retry.maxAttempts)) {
      const reason = settlement === 'reject' ? 'rejected' : 'attempts used up';
      if (retry !== undefined && !(await this.#bury(delivery, reason))) return;
      this.#settled(delivery, retry === undefined ? answers.reject : answers.done);
    } else this.#settled(delivery, answers.retry(retry?.delayMs ?? 0));
  }

  /** Until it is stored: true; or until the consumer ends. Rejects where the broker refuses it. */
  async #bury({ message, facts }: Delivery, reason: 'rejected' | 'attempts used up'): Promise<boolean> {
    const letter = deadLetter(message, facts, reason, this.#parts.subscription);
    while (!this.#end.signal.aborted) {
      try {
        await this.#parts.bury(letter);
        return true;
      } catch (error) {
        if (!(error instanceof SendError) || error.outcome === 'refused') throw error;
      }
      await this.#moment(BURY_AGAIN_MS);
    }
    return false;
  }

  /** Rests, unless the consumer ends. */
  async #moment(ms: number): Promise<void> {
    try {
      await delay(ms, undefined, { signal: this.#end.signal });
    } catch (error) {
      if (!this.#end.signal.aborted) throw error;
    }
  }

  #settled({ message, puller }: Delivery, answer: string): void {
    if (this.#mode === 'ended') return;
    if (!this.#parts.noAck) this.#settler.settle(message.reply ?? '', answer);
    this.#handling--;
    puller.settled();
    if (this.#waiting.length > 0) this.#handleWaiting();
    if (this.#handling === 0) this.#idle();
  }

  #handleWaiting(): void {
    // a handler that answers at once comes back here from within the loop
    if (this.#emptying) return;
    this.#emptying = true;
    while (this.#handling < this.#parts.options.window) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#handle(next);
    }
    this.#emptying = false;
  }

  /** A handler that throws is a bug, after which this consumer goes on with nothing. */
  #failed(error: unknown): void {
    this.#lost(error instanceof Error ? error : new Error(String(error)));
    this.#handling--;
    this.#idle();
  }
}
