import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumerOptions, Handler, ReceivedMessage, Subscription } from '../driver.ts';
import { type Outcome, Retrying } from '../retrying.ts';
import { bury } from './burial.ts';
import type { Wire } from './connection.ts';
import type { Received } from './reader.ts';

/** Hands messages to the handler as often as it asks for, and buries those that it rejects. */
export class Attempts {
  readonly #handler: Handler;
  readonly #retrying: Retrying | undefined;
  /** by the payload, which is one object from its reception to its burial */
  readonly #origins = new WeakMap<Buffer, Received>();
  readonly #stopped = new AbortController();

  /** @param wire the connection to bury on; undefined while there is none */
  constructor(
    subscription: Subscription,
    { retry, contract }: ConsumerOptions,
    handler: Handler,
    wire: () => Wire | undefined,
  ) {
    this.#handler = handler;
    if (retry === undefined) return;
    const mode = contract === 'fire-and-forget' ? 'settled' : 'settle';
    this.#retrying = new Retrying({
      handler,
      policy: retry,
      origin: subscription,
      bury: (letter) => {
        const origin = this.#origins.get(letter.payload);
        if (origin === undefined) throw new Error('a dead letter of no message');
        const { lane, entry } = origin;
        return bury(wire(), { subscription, stream: lane.stream, id: entry.id, mode }, letter);
      },
    });
  }

  /** Answers at once where the handler does. Rejects when the handler does, or a dead letter is refused. */
  handle(received: Received): Outcome | Promise<Outcome> {
    const { entry, redelivered } = received;
    const message = { payload: entry.payload, redelivered, headers: entry.headers };
    if (this.#retrying !== undefined) {
      this.#origins.set(message.payload, received);
      return this.#retrying.handle(message);
    }
    const settlement = this.#handler(message);
    return settlement === 'done' || settlement === 'reject' ? 'done' : this.#follow(message, settlement);
  }

  /** Ends all waiting: what waits for another attempt is left. */
  stop(): void {
    this.#stopped.abort();
    this.#retrying?.stop();
  }

  /** Without a policy a message is tried until it is done, and a rejected one is gone. */
  async #follow(message: ReceivedMessage, first: ReturnType<Handler>): Promise<Outcome> {
    let settlement = await first;
    while (settlement === 'retry') {
      await delay(0);
      if (this.#stopped.signal.aborted) return 'left';
      settlement = await this.#handler({ ...message, redelivered: true });
    }
    return 'done';
  }
}
