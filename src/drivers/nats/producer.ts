import type { MsgHdrs } from '@nats-io/transport-node';
import type { OutgoingMessage, Producer } from '../driver.ts';
import { SendError } from '../errors.ts';
import type { NatsConfig } from './config.ts';
import type { Connection } from './connection.ts';
import type { Conduct } from './contract.ts';
import { publishingRefused, sendFailure } from './failure.ts';
import { filled } from './headers.ts';
import { subjectOf } from './names.ts';
import { routeOver, type Route } from './route.ts';
import { orClosed } from './or-closed.ts';

/** What a producer needs of the client, which is loaded late. */
export interface ProducerParts {
  readonly connection: Connection;
  readonly topic: string;
  readonly partitions: number;
  readonly conduct: Conduct;
  readonly config: NatsConfig;
  readonly emptyHeaders: () => MsgHdrs;
  /** a new id, for messages that come without one and may have to be sent again */
  readonly newId: () => string;
}

/**
 * Publishes to a topic's stream. The client writes what was published in one turn of the event loop at its
 * end, so there is nothing for a linger to do.
 */
export class NatsProducer implements Producer, AsyncDisposable {
  readonly #parts: ProducerParts;
  readonly #route: Route;
  readonly #heedNoMore: () => void;
  #underWay = 0;
  #idle: (() => void) | undefined;
  #refusal: SendError | undefined;

  constructor(parts: ProducerParts) {
    this.#parts = parts;
    this.#route = routeOver(parts.partitions);
    this.#heedNoMore = parts.connection.onViolation((violation) => {
      // whoever awaits an answer is told by it
      if (parts.conduct.acknowledged || !violation.subject.startsWith(`${parts.topic}.`)) return;
      this.#refusal ??= publishingRefused(violation, undefined);
    });
  }

  send(message: OutgoingMessage): Promise<void> {
    if (this.#refusal !== undefined) return Promise.reject(this.#refusal);
    const subject = subjectOf(this.#parts.topic, this.#route(message.key));
    const { acknowledged, sentAgain } = this.#parts.conduct;
    if (!acknowledged) return this.#publishOnly(subject, message);
    const sending = sentAgain ? this.#untilStored(subject, message) : this.#publish(subject, message);
    this.#underWay++;
    sending.then(this.#settled, this.#settled);
    return sending;
  }

  async close(): Promise<void> {
    this.#refusal ??= new SendError('refused', 'the producer is closed');
    if (this.#underWay > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    // of what nobody acknowledges, that the server has read it is the most that can be known
    if (!this.#parts.conduct.acknowledged) await this.#written();
    this.#heedNoMore();
  }

  /** Without waiting for the sends under way: they end with the connection, and are `unknown`. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#refusal ??= new SendError('refused', 'the producer is closed');
    this.#heedNoMore();
    return Promise.resolve();
  }

  #publish(subject: string, message: OutgoingMessage): Promise<void> {
    const { acks } = this.#parts.connection;
    if (acks === undefined) return Promise.reject(this.#notConnected());
    try {
      return acks.publish(subject, message.payload, this.#headersOf(message));
    } catch (error) {
      // the client's own, of a header's value over several lines
      return Promise.reject(sendFailure(error));
    }
  }

  #headersOf({ id, headers }: OutgoingMessage): MsgHdrs | undefined {
    if (id === undefined && headers === undefined) return undefined;
    const all = { ...headers, ...(id === undefined ? {} : { 'Nats-Msg-Id': id }) };
    return filled(this.#parts.emptyHeaders(), all);
  }

  /** Again under the same id, while the outcome is unknown and the stream is sure to remember the id. */
  async #untilStored(subject: string, message: OutgoingMessage): Promise<void> {
    const { connection, config, newId } = this.#parts;
    const identified = { ...message, id: message.id ?? newId() };
    // half of it, since the window of the first may have begun before its answer was lost
    const untilMs = performance.now() + (config.duplicateWindowSeconds * 1_000) / 2;
    let lost: SendError | undefined;
    for (;;) {
      try {
        return await this.#publish(subject, identified);
      } catch (error) {
        if (!(error instanceof SendError)) throw error;
        // once one attempt may have been stored, a later one that was not says nothing about it
        if (error.outcome === 'unknown') lost = error;
        if (lost === undefined) throw error;
      }
      const nc = await connection.within(Math.max(0, untilMs - performance.now()));
      if (nc === undefined || this.#refusal !== undefined || performance.now() >= untilMs) throw lost;
    }
  }

  #publishOnly(subject: string, message: OutgoingMessage): Promise<void> {
    const nc = this.#parts.connection.current;
    if (nc === undefined) return Promise.reject(this.#notConnected());
    try {
      const headers = this.#headersOf(message);
      nc.publish(subject, message.payload, headers === undefined ? {} : { headers });
      return Promise.resolve();
    } catch (error) {
      return Promise.reject(sendFailure(error));
    }
  }

  readonly #settled = (): void => {
    this.#underWay--;
    if (this.#underWay === 0) this.#idle?.();
  };

  async #written(): Promise<void> {
    const nc = this.#parts.connection.current;
    if (nc !== undefined) await orClosed(nc, () => nc.flush());
  }

  #notConnected(): SendError {
    return new SendError('failed', `not connected to NATS: ${this.#parts.connection.trouble}`);
  }
}
