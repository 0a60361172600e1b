import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { orClosed } from './or-closed.ts';

/** A request is answered until it is filled, or for so long. */
const EXPIRES_MS = 30_000;
/** The server tells in this interval that a request is still there. */
const HEARTBEAT_MS = 5_000;
const SILENCE_MS = 3 * HEARTBEAT_MS;
const NANOSECONDS = 1_000_000;
/** Before another request after one that was ended by trouble. */
const TROUBLE_MS = 200;

export interface PullerOptions {
  readonly stream: string;
  readonly durable: string;
  /** messages that may be requested or unsettled at once */
  readonly share: number;
  readonly newInbox: () => string;
  readonly onMessage: (message: Msg) => void;
  /** The server ended a request by trouble: whether the consumer is still there is to be looked at. */
  readonly onTrouble: () => void;
}

/**
 * Requests messages of one durable consumer, never more than its share: what is requested, and what was
 * received and is not settled, together. The client's own `consume` requests again when messages are
 * received, whether they are settled or not, so that its window has no end; hence the protocol by hand
 * (ADR-13 and ADR-37 of nats-architecture-and-design; `$JS.API.CONSUMER.MSG.NEXT`).
 */
export class Puller {
  readonly #options: PullerOptions;
  #nc: NatsConnection | undefined;
  #subscription: Subscription | undefined;
  #inbox = '';
  /** by the last token of its reply subject, what each request asked for */
  #requests = new Map<string, number>();
  #nextRequest = 0;
  #requested = 0;
  #unsettled = 0;
  #heardMs = 0;
  #watch: NodeJS.Timeout | undefined;
  #again: NodeJS.Timeout | undefined;

  constructor(options: PullerOptions) {
    this.#options = options;
  }

  /** Begins on this connection; what was requested on another has ended with it. */
  start(nc: NatsConnection): void {
    this.#stopTimers();
    this.#subscription?.unsubscribe();
    this.#nc = nc;
    this.#requests = new Map();
    this.#requested = 0;
    this.#inbox = this.#options.newInbox();
    const inbox = this.#inbox;
    this.#subscription = nc.subscribe(`${inbox}.*`, {
      callback: (error, message) => {
        if (error !== null) this.#options.onTrouble();
        else if (inbox === this.#inbox) this.#receive(message);
      },
    });
    this.#heardMs = performance.now();
    this.#watch = setInterval(() => this.#lookForSilence(), HEARTBEAT_MS);
    this.#request();
  }

  /** Stops at once, whatever is on its way. */
  abandon(): void {
    this.#stopTimers();
    this.#subscription?.unsubscribe();
    this.#nc = undefined;
    this.#subscription = undefined;
  }

  /** Stops requesting. When it resolves, what the server had sent by then is received. */
  async stop(): Promise<void> {
    this.#stopTimers();
    const [nc, subscription] = [this.#nc, this.#subscription];
    this.#nc = undefined;
    this.#subscription = undefined;
    if (nc === undefined || subscription === undefined) return;
    // UNSUB, then PING: the server answers it after all that it has sent before
    await orClosed(nc, () => subscription.drain());
  }

  /** A message that it received is settled. */
  settled(): void {
    this.#unsettled--;
    this.#request();
  }

  #receive(message: Msg): void {
    this.#heardMs = performance.now();
    if (message.reply?.startsWith('$JS.ACK.') === true) {
      this.#requested = Math.max(0, this.#requested - 1);
      this.#unsettled++;
      this.#options.onMessage(message);
      return;
    }
    const code = message.headers?.code ?? 0;
    // 100: idle heartbeat
    if (code < 400) return;
    this.#ended(message);
    // 404 no messages, 408 expired: a matter of course
    if (code === 404 || code === 408) this.#request();
    else this.#trouble();
  }

  /** A request ended, with so many of its messages unsent as a header tells (since 2.7). */
  #ended(status: Msg): void {
    const id = status.subject.slice(this.#inbox.length + 1);
    const asked = this.#requests.get(id) ?? 0;
    this.#requests.delete(id);
    const unsent = Number(status.headers?.get('Nats-Pending-Messages') || asked);
    this.#requested = Math.max(0, this.#requested - unsent);
  }

  /** the consumer gone, its leader changed, the server about to stop, JetStream not ready yet */
  #trouble(): void {
    this.#options.onTrouble();
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#request(), TROUBLE_MS);
  }

  #request(): void {
    const nc = this.#nc;
    if (nc === undefined || nc.isClosed()) return;
    const batch = this.#options.share - this.#requested - this.#unsettled;
    // a request for each message that was settled would be as much traffic as the messages
    const worthwhile = this.#requested === 0 ? 1 : Math.max(1, Math.floor(this.#options.share / 4));
    if (batch < worthwhile) return;
    const id = String(this.#nextRequest++);
    this.#forgetFilled();
    this.#requests.set(id, batch);
    this.#requested += batch;
    const { stream, durable } = this.#options;
    const body = {
      batch,
      expires: EXPIRES_MS * NANOSECONDS,
      idle_heartbeat: HEARTBEAT_MS * NANOSECONDS,
    };
    nc.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`, JSON.stringify(body), {
      reply: `${this.#inbox}.${id}`,
    });
  }

  /** A request that is filled ends without a word; all of them are when nothing is requested any more. */
  #forgetFilled(): void {
    if (this.#requested === 0) this.#requests.clear();
  }

  /** Requests that the server does not know any more, without its saying so, are made again. */
  #lookForSilence(): void {
    if (this.#nc === undefined || this.#requested === 0) return;
    if (performance.now() - this.#heardMs < SILENCE_MS) return;
    this.#options.onTrouble();
    // on one that has ended nothing can be requested; whoever adopts the next starts it there
    if (!this.#nc.isClosed()) this.start(this.#nc);
  }

  #stopTimers(): void {
    clearInterval(this.#watch);
    clearTimeout(this.#again);
  }
}
