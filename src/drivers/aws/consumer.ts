import type { Message } from '@aws-sdk/client-sqs';
import type { Consumer, ConsumerOptions, Handler, Settlement } from '../driver.ts';
import { isFinal } from './failure.ts';
import { MAX_ENTRIES } from './lane.ts';
import { probeOf, receiveCount, receivedMessage } from './message.ts';
import type { Queue } from './queue.ts';
import { Receipts } from './receipts.ts';
import { receivesAfter } from './receives.ts';

const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 1_000;
/**
 * Deletes of a standard queue wait for company this long: a request each would be billed. On FIFO a group is held up
 * until its message is deleted, so that they wait for less than a request to AWS takes, or for the one before them.
 */
const DELETE_LINGER_MS = { standard: 50, fifo: 2 } as const;

export interface ConsumerParts {
  readonly queue: Queue;
  /** where a rejected message goes; undefined: it is gone */
  readonly deadLetters: Queue | undefined;
  readonly fifo: boolean;
  readonly visibilitySeconds: number;
  /** receives under way at once, at most */
  readonly receives: number;
  readonly options: ConsumerOptions;
  readonly handler: Handler;
  /** ends asking a server that is away */
  readonly signal: AbortSignal;
}

interface Held {
  readonly message: Message;
  readonly handle: string;
  readonly sinceMs: number;
}

type State = 'running' | 'paused' | 'ended';

/**
 * Consumes a queue by long polling, with as many receives under way as `receivesAfter` says. No message waits for
 * others: while there is less than half a batch, a receive is under way, or the next leaves as soon as the last is
 * answered. A receive asks for what the window has room for, and for no less than half a batch, unless that is the
 * window.
 *
 * A request is never abandoned: the server may be answering it, and its messages would be nobody's until their
 * visibility timeout. So to pause or close takes up to `waitSeconds`.
 */
export class QueueConsumer implements Consumer {
  readonly #parts: ConsumerParts;
  readonly #deletes: Receipts;
  readonly #shows: Receipts;
  readonly #held = new Set<Held>();
  readonly #receiving = new Set<Promise<void>>();
  readonly #burying = new Set<Promise<void>>();
  readonly #end = new AbortController();
  readonly #heartbeat: NodeJS.Timeout;
  #state: State = 'running';
  #asked = 0;
  #wanted = 1;
  #backoffMs = 0;
  #again: NodeJS.Timeout | undefined;
  #idle: (() => void)[] = [];
  #closing: Promise<void> | undefined;

  constructor(parts: ConsumerParts) {
    const { queue, fifo, visibilitySeconds } = parts;
    const validMs = visibilitySeconds * 1000;
    this.#parts = parts;
    this.#deletes = new Receipts({
      lingerMs: DELETE_LINGER_MS[fifo ? 'fifo' : 'standard'],
      requests: fifo ? 1 : Number.POSITIVE_INFINITY,
      request: (receipts) => queue.delete(receipts),
      validMs,
    });
    this.#shows = new Receipts({
      lingerMs: 0,
      requests: Number.POSITIVE_INFINITY,
      request: (receipts) => queue.show(receipts),
      validMs,
    });
    this.#heartbeat = setInterval(() => this.#beat(), validMs / 3);
    this.#ask();
  }

  async pause(): Promise<void> {
    if (this.#state === 'running') this.#state = 'paused';
    await Promise.all(this.#receiving);
  }

  resume(): Promise<void> {
    if (this.#state === 'paused') this.#state = 'running';
    this.#ask();
    return Promise.resolve();
  }

  async close(): Promise<void> {
    this.#stop();
    await Promise.all(this.#receiving);
    if (this.#held.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
    await this.abandon();
  }

  /** Closes without waiting for the handlers; what they hold is shown to others at once. */
  abandon(): Promise<void> {
    this.#closing ??= this.#abandon();
    return this.#closing;
  }

  async #abandon(): Promise<void> {
    this.#stop();
    this.#end.abort();
    await Promise.all([...this.#receiving, ...this.#burying]);
    clearInterval(this.#heartbeat);
    for (const { handle } of this.#held) this.#shows.add({ handle, seconds: 0 });
    this.#held.clear();
    await Promise.all([this.#deletes.close(), this.#shows.close()]);
  }

  #stop(): void {
    this.#state = 'ended';
    clearTimeout(this.#again);
  }

  #ask(): void {
    const { options, receives } = this.#parts;
    const least = Math.ceil(Math.min(MAX_ENTRIES, options.window) / 2);
    for (;;) {
      const room = options.window - this.#held.size - this.#asked;
      if (this.#state !== 'running' || this.#again !== undefined || room < least) return;
      if (this.#receiving.size >= Math.min(this.#wanted, receives)) return;
      const count = Math.min(room, MAX_ENTRIES);
      this.#asked += count;
      const receiving = this.#receive(count);
      this.#receiving.add(receiving);
      receiving.then(
        () => {
          this.#receiving.delete(receiving);
          this.#ask();
        },
        (error: unknown) => {
          throw error;
        },
      );
    }
  }

  /** Never rejects. */
  async #receive(count: number): Promise<void> {
    let messages: readonly Message[] = [];
    try {
      messages = await this.#parts.queue.receive(count);
      this.#backoffMs = 0;
      this.#wanted = receivesAfter(messages.length, this.#wanted, this.#parts.receives);
    } catch (error) {
      if (isFinal(error)) this.#lost(error);
      else this.#askLater();
    } finally {
      this.#asked -= count;
    }
    for (const message of messages) this.#take(message);
  }

  #askLater(): void {
    if (this.#state === 'ended' || this.#parts.signal.aborted || this.#again !== undefined) return;
    this.#backoffMs = Math.min(Math.max(2 * this.#backoffMs, FIRST_BACKOFF_MS), LONGEST_BACKOFF_MS);
    this.#again = setTimeout(() => {
      this.#again = undefined;
      this.#ask();
    }, this.#backoffMs);
  }

  #take(message: Message): void {
    const { ReceiptHandle: handle } = message;
    if (handle === undefined) throw new Error('SQS gave a message without a receipt handle');
    // on its way when the consumer ended
    if (this.#state === 'ended') {
      this.#shows.add({ handle, seconds: 0 });
      return;
    }
    // of createTopology, and delivered twice or late
    if (probeOf(message) !== undefined) {
      this.#deletes.add({ handle, seconds: 0 });
      return;
    }
    const held = { message, handle, sinceMs: performance.now() };
    this.#held.add(held);
    try {
      const settlement = this.#parts.handler(receivedMessage(message));
      if (typeof settlement === 'string') this.#settle(held, settlement);
      else
        settlement.then(
          (late) => this.#settle(held, late),
          (error: unknown) => this.#lost(error),
        );
    } catch (error) {
      this.#lost(error);
    }
  }

  #settle(held: Held, settlement: Settlement): void {
    // it was given back when the consumer was abandoned
    if (!this.#held.has(held)) return;
    if (settlement === 'reject' && this.#parts.deadLetters !== undefined) {
      const burying = this.#bury(held, this.#parts.deadLetters);
      this.#burying.add(burying);
      burying.then(
        () => this.#burying.delete(burying),
        (error: unknown) => {
          throw error;
        },
      );
      return;
    }
    if (settlement === 'retry') {
      this.#shows.add({ handle: held.handle, seconds: this.#delaySeconds(held.message) });
    } else this.#deletes.add({ handle: held.handle, seconds: 0 });
    this.#release(held);
  }

  /** Whole seconds, and none after the last attempt: the broker moves the message when it is next asked for. */
  #delaySeconds(message: Message): number {
    const { retry } = this.#parts.options;
    if (retry === undefined || receiveCount(message) >= retry.maxAttempts) return 0;
    return Math.ceil(retry.delayMs / 1000);
  }

  /** Stored first and deleted then: a crash in between stores it twice, and never loses it. Never rejects. */
  async #bury(held: Held, deadLetters: Queue): Promise<void> {
    try {
      if ((await deadLetters.bury(held.message, this.#end.signal)) === 'left') return;
    } catch (error) {
      this.#lost(error);
      return;
    }
    this.#deletes.add({ handle: held.handle, seconds: 0 });
    this.#release(held);
  }

  #release(held: Held): void {
    this.#held.delete(held);
    if (this.#held.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
    this.#ask();
  }

  /** Keeps what the handlers take long for from being shown to others. */
  #beat(): void {
    const { visibilitySeconds } = this.#parts;
    const beforeMs = performance.now() - (visibilitySeconds * 1000) / 4;
    for (const { handle, sinceMs } of this.#held) {
      if (sinceMs < beforeMs) this.#shows.add({ handle, seconds: visibilitySeconds });
    }
  }

  #lost(error: unknown): void {
    if (this.#state === 'ended') return;
    this.#stop();
    this.#parts.options.onLost(error instanceof Error ? error : new Error(String(error)));
  }
}
