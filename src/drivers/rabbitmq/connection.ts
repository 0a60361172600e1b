import { setTimeout as delay } from 'node:timers/promises';
import type { ChannelModel } from 'amqplib';
import type { RabbitmqConfig } from './config.ts';
import { endpointsOf, type Endpoint } from './endpoint.ts';
import { channelFailure, Gone } from './failure.ts';
import { Link } from './link.ts';

const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 1_000;

/** What lives on a connection and must be set up again on the next one. */
export interface Tenant {
  /** Sets up channels. When it rejects with Gone, the tenant is given up; with anything else, it is tried again. */
  attach(model: ChannelModel): Promise<void>;
  /** The connection will not come back. Not called when it was disposed. */
  lost(error: Error): void;
  /** The server holds back what is published on the connection, for this reason; undefined: not any more. */
  blocked?(reason: string | undefined): void;
}

/**
 * A connection that comes back: lost, it is opened again, to another node of a cluster where there is one, at
 * once and after 0.1 s, 0.2 s … 1 s, until it is disposed or the signal is aborted. Each producer and each consumer has one of its own, as RabbitMQ advises, so that a
 * publisher held back by the server does not hold back acknowledgements too.
 */
export class Connection implements AsyncDisposable {
  readonly #endpoints: readonly Endpoint[];
  /** which of them is connected to, or was last */
  #node = 0;
  readonly #heartbeatSeconds: number;
  readonly #tenant: Tenant;
  readonly #end = new AbortController();
  readonly #life: AbortSignal;
  #link: Link | undefined;
  #disturb: () => void = () => {};
  #disturbed: Promise<void>;
  #upkeep: Promise<void> | undefined;

  private constructor(config: RabbitmqConfig, tenant: Tenant, signal: AbortSignal) {
    this.#endpoints = endpointsOf(config.url);
    this.#heartbeatSeconds = config.heartbeatSeconds;
    this.#tenant = tenant;
    this.#life = AbortSignal.any([signal, this.#end.signal]);
    this.#disturbed = this.#calm();
  }

  /**
   * Connects and attaches the tenant, once.
   *
   * @throws UserError (exit code 3) when no node gives a connection within 5 s; and what `attach` throws
   */
  static async open(config: RabbitmqConfig, tenant: Tenant, signal: AbortSignal): Promise<Connection> {
    const connection = new Connection(config, tenant, signal);
    try {
      await connection.#attach();
    } catch (error) {
      await connection.#link?.close();
      throw channelFailure(error, connection.address);
    }
    connection.#upkeep = connection.#keepUp();
    return connection;
  }

  /**
   * Attaches the tenant again, for a channel that the server has closed.
   * @param model that the channel was of: where it is not the present one, or has ended, that is seen to already, and
   * another attachment would be a second tenant beside the first
   */
  renew(model: ChannelModel | undefined): void {
    if (this.#link?.isOpen === true && this.#link.model === model) this.#disturb();
  }

  /** `host:port` of the node that it is connected to, or was last. */
  get address(): string {
    return this.#endpoints[this.#node]?.address ?? '';
  }

  /** Why there is no connection, as far as is known. */
  get trouble(): string {
    return this.#link?.trouble ?? 'not connected';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    this.#disturb();
    // first, so that nothing goes on waiting for an answer from a server that gives none
    await this.#link?.close();
    await this.#upkeep;
    await this.#link?.close();
  }

  async #keepUp(): Promise<void> {
    for (;;) {
      await this.#disturbed;
      if (this.#life.aborted) return;
      try {
        await this.#comeBack();
      } catch (error) {
        // the abort of the signal ends the waiting by an error, too
        if (this.#life.aborted) return;
        this.#tenant.lost(error instanceof Error ? error : new Error(String(error)));
        return;
      }
    }
  }

  /** @throws Gone when the tenant cannot be attached any more */
  async #comeBack(): Promise<void> {
    for (let backoffMs = FIRST_BACKOFF_MS; ; backoffMs = Math.min(2 * backoffMs, LONGEST_BACKOFF_MS)) {
      this.#disturbed = this.#calm();
      try {
        await this.#attach();
        return;
      } catch (error) {
        // whatever else it was, such as a queue that has no leader yet, a new connection starts afresh
        await this.#link?.close();
        if (error instanceof Gone) throw error;
      }
      await delay(backoffMs, undefined, { signal: this.#life });
    }
  }

  async #attach(): Promise<void> {
    if (this.#link?.isOpen !== true) {
      this.#link = await this.#openLink();
    }
    await this.#tenant.attach(this.#link.model);
  }

  /** To the node that it had last, else to the next that takes it. */
  async #openLink(): Promise<Link> {
    const failures: unknown[] = [];
    const first = this.#node;
    for (let turn = 0; turn < this.#endpoints.length; turn++) {
      this.#node = (first + turn) % this.#endpoints.length;
      const endpoint = this.#endpoints[this.#node];
      if (endpoint === undefined) break;
      try {
        return await Link.open(endpoint, this.#heartbeatSeconds, this.#life, {
          onLost: () => this.#disturb(),
          onBlocked: (reason) => this.#tenant.blocked?.(reason),
        });
      } catch (error) {
        this.#life.throwIfAborted();
        failures.push(error);
      }
    }
    this.#node = first;
    throw failures[0];
  }

  /** a promise that the next disturbance resolves */
  #calm(): Promise<void> {
    return new Promise((resolve) => {
      this.#disturb = resolve;
    });
  }
}
