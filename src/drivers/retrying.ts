import type { Batching, Contract } from '../scenario/index.ts';
import type {
  Driver,
  Handler,
  OutgoingMessage,
  Producer,
  ReceivedMessage,
  RetryPolicy,
  Settlement,
  Subscription,
} from './driver.ts';
import { type DeadLetterNote, deadLettersOf, noteHeaders } from './dead-letters.ts';
import { SendError } from './errors.ts';

/** Between attempts to store a dead letter on a broker that is away. */
const BURY_AGAIN_MS = 200;

/** Dead letters are few, and each is awaited by a message that is held. */
const batching: Batching = { lingerMs: 0, maxBatchBytes: 1024 * 1024, maxBatchMessages: 1000 };

/** `left`: settled by nobody, so that the broker delivers it again, to another. */
export type Outcome = 'done' | 'left';

export interface RetryingOptions {
  readonly handler: Handler;
  readonly policy: RetryPolicy;
  readonly origin: Subscription;
  /** Stores a dead letter; rejects when that is not certain. */
  readonly bury: (letter: OutgoingMessage) => Promise<void>;
}

/**
 * Retries and dead letters for brokers that have none of their own. A message stays with its consumer,
 * unsettled, between its attempts; so the count is of this delivery, and begins anew when the broker delivers
 * it again. A dead letter is stored before its message is settled: a crash in between stores it twice, and
 * never loses it.
 */
export class Retrying {
  readonly #options: RetryingOptions;
  readonly #stopped = new AbortController();

  #producer: Producer | undefined;

  constructor(options: RetryingOptions) {
    this.#options = options;
  }

  /** With a producer of its own for the dead letters of the subscription. */
  static async open(
    driver: Pick<Driver, 'openProducer'>,
    origin: Subscription,
    { contract, policy }: { readonly contract: Contract; readonly policy: RetryPolicy },
    handler: Handler,
  ): Promise<Retrying> {
    const producer = await driver.openProducer(deadLettersOf(origin).topic, { contract, batching });
    const retrying = new Retrying({ handler, policy, origin, bury: (letter) => producer.send(letter) });
    retrying.#producer = producer;
    return retrying;
  }

  /** Answers at once where the handler does and is done. Rejects when the handler does, or a dead letter is refused. */
  readonly handle = (message: ReceivedMessage): Outcome | Promise<Outcome> => {
    const settlement = this.#options.handler(message);
    return settlement === 'done' ? 'done' : this.#follow(message, settlement);
  };

  /** Ends all waiting: what waits for another attempt is left. */
  stop(): void {
    this.#stopped.abort();
  }

  /** When no message is with it any more. */
  async close(): Promise<void> {
    this.stop();
    await this.#producer?.close();
  }

  async #follow(message: ReceivedMessage, first: Settlement | Promise<Settlement>): Promise<Outcome> {
    const { handler, policy } = this.#options;
    let settlement = await first;
    for (let attempts = 1; settlement !== 'done'; attempts++) {
      if (settlement === 'reject') return this.#bury(message, 'rejected', attempts);
      if (attempts >= policy.maxAttempts) return this.#bury(message, 'attempts used up', attempts);
      if ((await this.#waited(policy.delayMs)) === 'stopped') return 'left';
      const { payload, headers } = message;
      settlement = await handler({ payload, headers, redelivered: true });
    }
    return 'done';
  }

  /** Until it is stored, or the consumer ends. Rejects where the broker refuses it: trying again is pointless. */
  async #bury(
    { payload, headers }: ReceivedMessage,
    reason: DeadLetterNote['reason'],
    attempts: number,
  ): Promise<Outcome> {
    const note = noteHeaders({ reason, attempts, origin: this.#options.origin });
    const letter = { key: undefined, payload, headers: { ...headers, ...note } };
    for (;;) {
      try {
        await this.#options.bury(letter);
        return 'done';
      } catch (error) {
        if (!(error instanceof SendError) || error.outcome === 'refused') throw error;
      }
      if ((await this.#waited(BURY_AGAIN_MS)) === 'stopped') return 'left';
    }
  }

  #waited(ms: number): Promise<'waited' | 'stopped'> {
    const { signal } = this.#stopped;
    return new Promise((resolve) => {
      const end = (how: 'waited' | 'stopped'): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onStop);
        resolve(how);
      };
      const onStop = (): void => end('stopped');
      const timer = setTimeout(() => end('waited'), ms);
      if (signal.aborted) onStop();
      else signal.addEventListener('abort', onStop);
    });
  }
}
