import { setTimeout as delay } from 'node:timers/promises';
import type { ChannelModel } from 'amqplib';
import type { Endpoint } from './endpoint.ts';
import { connectFailure } from './failure.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const CLOSE_TIMEOUT_MS = 2_000;

/** What befalls a connection. */
export interface LinkEvents {
  /** called once, when the connection has ended, for whatever reason */
  readonly onLost: () => void;
  /**
   * The server has stopped reading from this connection, since it is low on memory or disk and something was
   * published here; undefined when it reads again, or the connection has ended. One that publishes nothing is
   * never blocked (https://www.rabbitmq.com/docs/connection-blocked).
   */
  readonly onBlocked: (reason: string | undefined) => void;
}

/** One AMQP connection, from its handshake to its loss. */
export class Link {
  readonly model: ChannelModel;
  readonly #socketLife: AbortController;
  #open = true;
  #error: Error | undefined;
  #blocked: string | undefined;

  private constructor(model: ChannelModel, socketLife: AbortController, { onLost, onBlocked }: LinkEvents) {
    this.model = model;
    this.#socketLife = socketLife;
    model.on('error', (error) => {
      this.#error = error;
    });
    // out of memory or disk, the server stops reading from publishers; it still sends heartbeats, so that
    // amqplib does not take the silence for death
    model.on('blocked', (reason) => {
      this.#blocked = reason;
      onBlocked(reason);
    });
    model.on('unblocked', () => {
      this.#blocked = undefined;
      onBlocked(undefined);
    });
    model.on('close', (error) => {
      this.#open = false;
      this.#error ??= error;
      if (this.#blocked !== undefined) onBlocked(undefined);
      onLost();
    });
  }

  /**
   * @throws UserError when there is none within 5 s; the reason of the signal when that ends the attempt
   */
  static async open(
    endpoint: Endpoint,
    heartbeatSeconds: number,
    signal: AbortSignal,
    events: LinkEvents,
  ): Promise<Link> {
    signal.throwIfAborted();
    const { connect } = await import('amqplib');
    const socketLife = new AbortController();
    const giveUp = (): void => socketLife.abort();
    const timer = setTimeout(giveUp, CONNECT_TIMEOUT_MS);
    signal.addEventListener('abort', giveUp);
    const { hostname, port, username, password, vhost } = endpoint;
    // noDelay: amqplib leaves Nagle's algorithm on, which would hold back small writes for up to 40 ms.
    // signal: amqplib hands these options to net.connect, and has no other way to end a dead socket
    const socketOptions = { noDelay: true, signal: socketLife.signal };
    try {
      const model = await connect(
        {
          protocol: endpoint.tls ? 'amqps' : 'amqp',
          hostname,
          port,
          username,
          password,
          // amqplib undoes the escapes of a URL here
          vhost: encodeURIComponent(vhost),
          heartbeat: heartbeatSeconds,
        },
        socketOptions,
      );
      return new Link(model, socketLife, events);
    } catch (error) {
      signal.throwIfAborted();
      const cause = socketLife.signal.aborted
        ? new Error(`no answer within ${CONNECT_TIMEOUT_MS} ms`)
        : error;
      throw connectFailure(cause, endpoint);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    }
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Why the server does not read what is published here; undefined while it does. */
  get blocked(): string | undefined {
    return this.#blocked;
  }

  /** Why the connection ended, or what is known of it so far. */
  get trouble(): string {
    const blocked =
      this.#blocked === undefined ? '' : ` while the server blocked publishers (${this.#blocked})`;
    return `${this.#error?.message ?? 'connection lost'}${blocked}`;
  }

  /** Says goodbye, or hangs up where the server does not answer within 2 s. */
  async close(): Promise<void> {
    const patience = new AbortController();
    try {
      if (!this.#open) return;
      const goodbye = this.model.close().then(undefined, (error: unknown) => {
        // lost meanwhile; closed is what was wanted
        this.#error ??= error instanceof Error ? error : new Error(String(error));
      });
      await Promise.race([
        goodbye,
        delay(CLOSE_TIMEOUT_MS, undefined, { signal: patience.signal, ref: false }),
      ]);
    } finally {
      patience.abort();
      this.#socketLife.abort();
    }
  }
}
