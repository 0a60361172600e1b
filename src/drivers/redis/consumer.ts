import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer, ConsumerOptions, Handler, Subscription } from '../driver.ts';
import { SendError } from '../errors.ts';
import type { Outcome } from '../retrying.ts';
import { Attempts } from './attempts.ts';
import type { RedisConfig } from './config.ts';
import { Connection, type Wire } from './connection.ts';
import { Gone, refusal, replyCode } from './failure.ts';
import type { Lane } from './lane.ts';
import { Membership } from './membership.ts';
import { fetchFrom, type Received } from './reader.ts';
import { readPartitions } from './topology.ts';

/** How often a consumer renews its lease; and looks while it does not have all of its share. */
const LOOK_EVERY_MS = 200;
const LOOK_SOON_MS = 20;
/** How long opening waits for the others to make room. */
const SETTLE_IN_MS = 3_000;
const READ_AGAIN_MS = 20;

/**
 * Consumes its share of a subscription's partitions. It reads on a connection of its own, which Redis blocks
 * while there is nothing, and settles on another. At most `window` deliveries are with the handler at once.
 */
export class RedisConsumer implements Consumer, AsyncDisposable {
  readonly #subscription: Subscription;
  readonly #options: ConsumerOptions;
  readonly #config: RedisConfig;
  readonly #noAck: boolean;
  readonly #attempts: Attempts;
  /** received, but the window was full */
  readonly #waiting: Received[] = [];
  readonly #ended = new AbortController();
  #membership: Membership | undefined;
  #commands: Connection | undefined;
  #reads: Connection | undefined;
  #reading: readonly Lane[] = [];
  #fetching: Promise<void> = Promise.resolve();
  #loops: Promise<unknown> = Promise.resolve();
  #acknowledging: NodeJS.Immediate | undefined;
  #handling = 0;
  #emptying = false;
  #mode: 'consuming' | 'paused' = 'consuming';
  #wake: (() => void) | undefined;
  #idle: (() => void) | undefined;

  private constructor(
    subscription: Subscription,
    options: ConsumerOptions,
    handler: Handler,
    config: RedisConfig,
  ) {
    this.#subscription = subscription;
    this.#config = config;
    this.#options = options;
    this.#noAck = options.contract === 'fire-and-forget';
    this.#attempts = new Attempts(subscription, options, handler, () => this.#commands?.wire);
  }

  /** @throws UserError when there is no server; Gone when there is no such subscription */
  static async open(
    subscription: Subscription,
    options: ConsumerOptions,
    handler: Handler,
    config: RedisConfig,
    signal: AbortSignal,
  ): Promise<RedisConsumer> {
    const consumer = new RedisConsumer(subscription, options, handler, config);
    try {
      await consumer.#attach(signal);
      return consumer;
    } catch (error) {
      await consumer[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #attach(signal: AbortSignal): Promise<void> {
    const lost = (reason: Error): void => this.#lose(reason);
    const attachCommands = async (wire: Wire): Promise<void> => {
      const partitions = await readPartitions(wire, this.#subscription.topic);
      this.#membership ??= new Membership(this.#subscription, partitions);
      await this.#membership.acknowledge(wire);
    };
    const attachReads = async (): Promise<void> => this.#membership?.recoverAll();
    this.#commands = await Connection.open(this.#config, { attach: attachCommands, lost }, signal);
    this.#reads = await Connection.open(this.#config, { attach: attachReads, lost }, signal);
    const untilMs = performance.now() + SETTLE_IN_MS;
    while ((await this.#look()) !== 'balanced' && performance.now() < untilMs) await delay(LOOK_SOON_MS);
    this.#loops = Promise.all([this.#keepLooking(), this.#keepReading()]);
  }

  async pause(): Promise<void> {
    this.#mode = 'paused';
    await this.#fetching;
  }

  resume(): Promise<void> {
    this.#mode = 'consuming';
    this.#wake?.();
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await this.pause();
    this.#attempts.stop();
    if (this.#handling > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    await this[Symbol.asyncDispose]();
  }

  /** Closes without waiting for the handlers; what they hold is at once the next owner's. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    this.#attempts.stop();
    this.#wake?.();
    await this.#loops;
    clearImmediate(this.#acknowledging);
    const wire = this.#commands?.wire;
    if (wire !== undefined && this.#membership !== undefined) {
      // the server believes it gone when its lease ends, where it cannot be told
      await Promise.race([this.#farewell(wire, this.#membership), wire.ended]);
    }
    await Promise.all([this.#commands?.[Symbol.asyncDispose](), this.#reads?.[Symbol.asyncDispose]()]);
  }

  async #farewell(wire: Wire, membership: Membership): Promise<void> {
    try {
      await membership.acknowledge(wire);
      await membership.leave(wire);
    } catch {
      // the connection or the topic is gone: what is unsettled is delivered again, as after a crash
    }
  }

  #lose(reason: Error): void {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    this.#wake?.();
    this.#options.onLost(reason);
  }

  async #look(): Promise<'balanced' | 'waiting'> {
    const wire = this.#commands?.wire;
    if (wire === undefined || this.#membership === undefined) return 'waiting';
    const verdict = await this.#membership.look(wire, this.#reading);
    this.#wake?.();
    return verdict;
  }

  /** Never rejects. */
  async #keepLooking(): Promise<void> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      let verdict: 'balanced' | 'waiting' = 'waiting';
      try {
        verdict = await this.#look();
      } catch (error) {
        this.#judge(error);
      }
      await sleep(verdict === 'balanced' ? LOOK_EVERY_MS : LOOK_SOON_MS, signal);
    }
  }

  /** Never rejects. */
  async #keepReading(): Promise<void> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      const room = this.#options.window - this.#handling - this.#waiting.length;
      const lanes = this.#membership?.readable ?? [];
      if (this.#mode === 'paused' || room <= 0 || lanes.length === 0) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = undefined;
        continue;
      }
      this.#fetching = this.#fetch(lanes, room);
      await this.#fetching;
    }
  }

  /** Never rejects. */
  async #fetch(lanes: readonly Lane[], room: number): Promise<void> {
    const wire = this.#reads?.wire;
    if (wire === undefined || this.#membership === undefined) return sleep(READ_AGAIN_MS, this.#ended.signal);
    const reader = {
      group: this.#subscription.name,
      consumer: this.#membership.name,
      noAck: this.#noAck,
    };
    this.#reading = lanes;
    try {
      for (const received of await fetchFrom(wire, lanes, reader, room)) this.#receive(received);
    } catch (error) {
      this.#judge(error);
      await sleep(READ_AGAIN_MS, this.#ended.signal);
    } finally {
      this.#reading = [];
    }
  }

  /** A lost connection comes back by itself; an answer that says no, does not. */
  #judge(error: unknown): void {
    const code = replyCode(error);
    if (code === 'NOGROUP' || code === 'UNBLOCKED') this.#lose(new Gone((error as Error).message));
    else if (code === 'WRONGTYPE' || code === 'NOPERM') this.#lose(refusal(error, this.#config));
  }

  #receive(received: Received): void {
    const { lane, entry } = received;
    if (!this.#isMine(lane)) return lane.forsake(entry.id);
    if (!this.#noAck) lane.unsettled.add(entry.id);
    if (this.#handling < this.#options.window && this.#waiting.length === 0) this.#handle(received);
    else this.#waiting.push(received);
  }

  /** Whether what came of a lane is for this consumer to handle; if not, who owns the lane takes it over. */
  #isMine(lane: Lane): boolean {
    return lane.state !== 'gone' && this.#membership?.isMember === true && !this.#ended.signal.aborted;
  }

  #handle(received: Received): void {
    this.#handling++;
    try {
      const outcome = this.#attempts.handle(received);
      if (typeof outcome === 'string') this.#handled(received, outcome);
      else
        outcome.then(
          (late) => this.#handled(received, late),
          (error: unknown) => this.#failed(error),
        );
    } catch (error) {
      this.#failed(error);
    }
  }

  #handled({ lane, entry }: Received, outcome: Outcome): void {
    this.#handling--;
    if (outcome === 'done' && !this.#noAck) this.#settle(lane, entry.id);
    if (this.#waiting.length > 0) this.#handleWaiting();
    if (this.#handling === 0) this.#idle?.();
    this.#wake?.();
  }

  /** Those of one turn of the event loop are told to the server together. */
  #settle(lane: Lane, id: string): void {
    if (lane.state === 'gone') return;
    lane.settled.push(id);
    this.#acknowledging ??= setImmediate(() => {
      this.#acknowledging = undefined;
      const wire = this.#commands?.wire;
      // without a connection, the next one begins with them
      if (wire === undefined || this.#ended.signal.aborted) return;
      this.#membership?.acknowledge(wire).catch((error: unknown) => this.#judge(error));
    });
  }

  #handleWaiting(): void {
    // a handler that answers at once comes back here from within the loop
    if (this.#emptying) return;
    this.#emptying = true;
    while (this.#handling < this.#options.window) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      if (this.#isMine(next.lane)) this.#handle(next);
      else next.lane.forsake(next.entry.id);
    }
    this.#emptying = false;
  }

  /** A handler that throws is a bug, and a dead letter that is refused has no remedy: it goes on with nothing. */
  #failed(error: unknown): void {
    const reason = error instanceof SendError ? new Gone(error.message) : error;
    this.#lose(reason instanceof Error ? reason : new Error(String(reason)));
    if (--this.#handling === 0) this.#idle?.();
  }
}

/** Ends early, and never rejects. */
async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
