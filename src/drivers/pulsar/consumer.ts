import { deadLettersOf } from '../dead-letters.ts';
import type { Consumer, ConsumerOptions, Handler, Subscription } from '../driver.ts';
import { Retrying, type Outcome } from '../retrying.ts';
import type { Delivery, Inbox, PulsarClient, Receiver, ReceiverSpec, Sender } from './client.ts';
import { conduct } from './contract.ts';
import { retryDelayMs } from './limits.ts';

export interface ConsumerParts {
  readonly client: PulsarClient;
  readonly spec: ReceiverSpec;
  readonly options: ConsumerOptions;
  readonly handler: Handler;
  /** opens the way to the dead letters */
  readonly openSender: (topic: string) => Promise<Sender>;
  readonly onClosed: (consumer: PulsarConsumer) => void;
}

/**
 * Hands at most `window` messages to the handler at once, and acknowledges each of them by itself.
 *
 * A message that is to be tried again stays here. Pulsar's negative acknowledgement would not do: the broker
 * knows it for Shared and Key_Shared subscriptions only, which have no order over a batch, and in a Failover
 * subscription a client makes of it the redelivery of all that is not acknowledged.
 */
export class PulsarConsumer implements Consumer, Inbox {
  readonly #parts: ConsumerParts;
  readonly #acknowledgesFirst: boolean;
  readonly #retrying: Retrying;
  /** received, but the window was full or the consumer paused */
  readonly #waiting: Delivery[] = [];
  #handling = 0;
  #emptying = false;
  #isPaused = false;
  #isEnded = false;
  #idle: (() => void) | undefined;
  #roomWaiters: (() => void)[] = [];
  #receiver: Receiver | undefined;
  #graveyard: Sender | undefined;
  #closing: Promise<void> | undefined;

  static async open(parts: ConsumerParts): Promise<PulsarConsumer> {
    const consumer = new PulsarConsumer(parts);
    const { client, spec, options, openSender } = parts;
    try {
      if (options.retry !== undefined)
        consumer.#graveyard = await openSender(deadLettersOf(spec.subscription).topic);
      consumer.#receiver = await client.openReceiver(spec, consumer);
    } catch (error) {
      await consumer.abandon();
      throw error;
    }
    return consumer;
  }

  private constructor(parts: ConsumerParts) {
    this.#parts = parts;
    const { options, handler, spec } = parts;
    this.#acknowledgesFirst = conduct(options.contract).acknowledge === 'before handling';
    this.#retrying = new Retrying({
      handler,
      policy: options.retry ?? { maxAttempts: Infinity, delayMs: retryDelayMs },
      origin: spec.subscription,
      // without a policy, what is rejected is gone
      bury: (letter) => this.#graveyard?.send(letter) ?? Promise.resolve(),
    });
  }

  get subscription(): Subscription {
    return this.#parts.spec.subscription;
  }

  receive(delivery: Delivery): void {
    // on its way when the consumer ended
    if (this.#isEnded) return;
    if (this.#hasRoom && this.#waiting.length === 0) this.#handle(delivery);
    else this.#waiting.push(delivery);
  }

  async room(): Promise<'room' | 'ended'> {
    while (!this.#isEnded && (!this.#hasRoom || this.#waiting.length > 0)) {
      await new Promise<void>((resolve) => {
        this.#roomWaiters.push(resolve);
      });
    }
    return this.#isEnded ? 'ended' : 'room';
  }

  lost(error: Error): void {
    if (this.#isEnded) return;
    this.#end();
    this.#parts.options.onLost(error);
  }

  pause(): Promise<void> {
    this.#isPaused = true;
    return Promise.resolve();
  }

  resume(): Promise<void> {
    this.#isPaused = false;
    this.#handleWaiting();
    return Promise.resolve();
  }

  async close(): Promise<void> {
    this.#end();
    if (this.#handling > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    await this.abandon();
  }

  /** Closes without waiting for the handlers under way: what they hold goes to another consumer. */
  abandon(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#end();
    await this.#receiver?.close();
    await this.#graveyard?.close();
    this.#parts.onClosed(this);
  }

  #end(): void {
    this.#isEnded = true;
    this.#retrying.stop();
    this.#waiting.length = 0;
    this.#wake();
  }

  get #hasRoom(): boolean {
    return !this.#isPaused && this.#handling < this.#parts.options.window;
  }

  #handle(delivery: Delivery): void {
    this.#handling += 1;
    if (this.#acknowledgesFirst) delivery.acknowledge();
    try {
      const outcome = this.#retrying.handle(delivery);
      if (typeof outcome === 'string') this.#handled(delivery, outcome);
      else
        outcome.then(
          (late) => this.#handled(delivery, late),
          (error: unknown) => this.#failed(error),
        );
    } catch (error) {
      this.#failed(error);
    }
  }

  #handled(delivery: Delivery, outcome: Outcome): void {
    if (outcome === 'done' && !this.#acknowledgesFirst) delivery.acknowledge();
    this.#release();
  }

  /** A handler that throws is a bug, and a dead letter that is refused cannot be mended: nothing goes on. */
  #failed(error: unknown): void {
    this.lost(error instanceof Error ? error : new Error(String(error)));
    this.#release();
  }

  #release(): void {
    this.#handling -= 1;
    this.#handleWaiting();
    if (this.#handling === 0) this.#idle?.();
  }

  #handleWaiting(): void {
    // a handler that answers at once comes back here from within the loop
    if (this.#emptying) return;
    this.#emptying = true;
    while (this.#hasRoom) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      // the broker has given to another what a lost connection had received
      if (!next.isStale) this.#handle(next);
    }
    this.#emptying = false;
    if (this.#hasRoom && this.#waiting.length === 0) this.#wake();
  }

  #wake(): void {
    const waiters = this.#roomWaiters;
    this.#roomWaiters = [];
    for (const wake of waiters) wake();
  }
}
