import type { Msg, MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import { SendError } from '../errors.ts';
import {
  answerFailure,
  publishingRefused,
  sendFailure,
  type PubAckError,
  type Violation,
} from './failure.ts';

/** How long a PubAck is waited for on a connection that lives. */
const ACK_TIMEOUT_MS = 30_000;
const LOOK_EVERY_MS = 1_000;
/** The status of a request that no stream listens to. */
const NO_RESPONDERS = 503;

interface Pending {
  readonly subject: string;
  readonly sentAtMs: number;
  readonly resolve: () => void;
  readonly reject: (error: SendError) => void;
}

/** What the server answers to a publish, ADR-22: where it is stored, or why not. */
interface PubAck {
  readonly stream?: string;
  readonly error?: PubAckError;
}

/**
 * Publishes to JetStream over one connection, and tells each PubAck to whom it belongs. The client's own
 * `JetStreamClient.publish` does the same, but makes for each message a timer, an Error with its stack (thrown
 * away when all goes well: nats-core/lib/request.js, `cancel`) and several promises. What that costs, bench/cost.ts
 * shows.
 */
export class Acks {
  readonly #nc: NatsConnection;
  readonly #inbox: string;
  readonly #timer: NodeJS.Timeout;
  /** by the last token of the reply subject, in the order of sending */
  readonly #pending = new Map<string, Pending>();
  #nextToken = 0;

  /** Lives as long as the connection. */
  constructor(nc: NatsConnection, inbox: string) {
    this.#nc = nc;
    this.#inbox = inbox;
    nc.subscribe(`${inbox}.*`, {
      callback: (error, answer) => {
        if (error === null) this.#answered(answer);
        else this.#settleAll(sendFailure(error));
      },
    });
    this.#timer = setInterval(() => this.#expire(), LOOK_EVERY_MS);
  }

  /** Resolves when its connection has ended, and what was under way is settled. */
  async ended(): Promise<void> {
    await this.#nc.closed();
    clearInterval(this.#timer);
    this.#settleAll(new SendError('unknown', 'no acknowledgement: connection lost'));
  }

  /** Resolves with the PubAck; rejects with a SendError. */
  publish(subject: string, payload: Buffer, headers: MsgHdrs | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const token = String(this.#nextToken++);
      try {
        const reply = `${this.#inbox}.${token}`;
        this.#nc.publish(subject, payload, headers === undefined ? { reply } : { reply, headers });
      } catch (error) {
        reject(sendFailure(error));
        return;
      }
      this.#pending.set(token, { subject, sentAtMs: performance.now(), resolve, reject });
    });
  }

  #answered(answer: Msg): void {
    const token = answer.subject.slice(this.#inbox.length + 1);
    const pending = this.#pending.get(token);
    // its outcome was decided by the timeout
    if (pending === undefined) return;
    this.#pending.delete(token);
    if (answer.data.length === 0 && answer.headers?.code === NO_RESPONDERS) {
      pending.reject(new SendError('failed', 'not stored: no stream took it'));
      return;
    }
    const { stream, error } = parsed(answer);
    if (error !== undefined) pending.reject(answerFailure(error));
    else if (stream === undefined || stream === '')
      pending.reject(new SendError('unknown', 'no acknowledgement: the answer is no PubAck'));
    else pending.resolve();
  }

  /** The server tells of a subject that one may not publish to apart from the publish, and stores nothing. */
  violated(violation: Violation): void {
    if (violation.operation !== 'publish') return;
    for (const [token, pending] of this.#pending) {
      if (pending.subject !== violation.subject) continue;
      this.#pending.delete(token);
      pending.reject(publishingRefused(violation, undefined));
    }
  }

  #expire(): void {
    const beforeMs = performance.now() - ACK_TIMEOUT_MS;
    for (const [token, pending] of this.#pending) {
      if (pending.sentAtMs > beforeMs) break;
      this.#pending.delete(token);
      pending.reject(new SendError('unknown', `no acknowledgement within ${ACK_TIMEOUT_MS} ms`));
    }
  }

  #settleAll(failure: SendError): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(failure);
  }
}

function parsed(answer: Msg): PubAck {
  try {
    return answer.json<PubAck>();
  } catch {
    // not JSON: it says nothing of the message
    return {};
  }
}
