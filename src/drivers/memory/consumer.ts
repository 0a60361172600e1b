import type { Consumer, Handler, ReceivedMessage, Settlement } from '../driver.ts';
import type { Outcome, Retrying } from '../retrying.ts';
import type { MemoryConnection } from './connection.ts';
import { SETTLEMENTS, settleFrame } from './wire.ts';

export interface MemoryConsumerParts {
  readonly handler: Handler;
  /** calls the handler, where there is a retry policy */
  readonly retrying: Retrying | undefined;
  readonly onLost: (error: Error) => void;
}

/** Settles what its handler answers. With a retry policy a message stays here, in the window, between its attempts. */
export class MemoryConsumer implements Consumer {
  readonly #id: number;
  readonly #connection: MemoryConnection;
  readonly #parts: MemoryConsumerParts;
  readonly #underWay = new Set<Promise<void>>();
  #closed = false;

  constructor(id: number, connection: MemoryConnection, parts: MemoryConsumerParts) {
    this.#id = id;
    this.#connection = connection;
    this.#parts = parts;
  }

  receive(delivery: number, message: ReceivedMessage): void {
    const { handler, retrying } = this.#parts;
    const settlement = retrying === undefined ? handler(message) : retrying.handle(message);
    if (typeof settlement === 'string') {
      this.#settle(delivery, settlement);
      return;
    }
    const work = settlement.then((late) => this.#settle(delivery, late));
    this.#underWay.add(work);
    work.finally(() => this.#underWay.delete(work)).catch((error: unknown) => this.lost(error));
  }

  lost(error: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#parts.retrying?.stop();
    this.#parts.onLost(error instanceof Error ? error : new Error(String(error)));
  }

  async pause(): Promise<void> {
    await this.#connection.request('pause', { id: this.#id });
  }

  async resume(): Promise<void> {
    await this.#connection.request('resume', { id: this.#id });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await this.pause();
    // what waits for another attempt is left to its successor
    this.#parts.retrying?.stop();
    await Promise.allSettled(this.#underWay);
    this.#closed = true;
    await this.#connection.request('unsubscribe', { id: this.#id });
  }

  #settle(delivery: number, settlement: Settlement | Outcome): void {
    // the broker gives it to another when this consumer ends
    if (settlement === 'left') return;
    if (this.#connection.open) {
      this.#connection.send(settleFrame(this.#id, delivery, SETTLEMENTS.indexOf(settlement)));
    }
  }
}
