import { setTimeout as delay } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { UserError } from '../../user-error.ts';
import { Acks } from './acks.ts';
import type { NatsConfig } from './config.ts';
import { parseEndpoint, type Endpoint } from './endpoint.ts';
import { awaitGreeting } from './greeting.ts';
import { connectFailure, violationOf, type Violation } from './failure.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 1_000;
/** A server that is silent for two to three times as long is given up. */
const PING_INTERVAL_MS = 5_000;
/** How long a task waits for a lost connection to come back. */
const PATIENCE_MS = 10_000;

/** Sets up, on a new connection, what lived on the former one. Must not throw. */
export type Attach = (nc: NatsConnection) => void;

/** One connection, and the way to publish over it. */
interface Line {
  readonly nc: NatsConnection;
  readonly acks: Acks;
}

/**
 * A connection that comes back: lost, it is opened again after 0.1 s, 0.2 s … 1 s, until it is disposed or the
 * signal is aborted. The client's own reconnection is off, since it keeps what is published meanwhile in a
 * buffer that it empties now and then: whether such a message was sent could not be told. So each connection
 * is a client of its own, and what is under way on it ends with it.
 */
export class Connection implements AsyncDisposable {
  readonly endpoint: Endpoint;
  readonly #end = new AbortController();
  readonly #life: AbortSignal;
  readonly #tenants = new Set<Attach>();
  readonly #violations = new Set<(violation: Violation) => void>();
  #line: Line | undefined;
  #trouble = 'not connected';
  #waiting: (() => void)[] = [];
  #upkeep: Promise<void> = Promise.resolve();

  private constructor(endpoint: Endpoint, signal: AbortSignal) {
    this.endpoint = endpoint;
    this.#life = AbortSignal.any([signal, this.#end.signal]);
  }

  /** @throws UserError (exit code 3) when there is no connection within 5 s a server */
  static async open(config: NatsConfig, signal: AbortSignal): Promise<Connection> {
    const endpoint = parseEndpoint(config.url);
    if (endpoint === undefined) throw new TypeError('the configuration was not validated: its url is none');
    const connection = new Connection(endpoint, signal);
    const line = await connection.#dial();
    connection.#adopt(line);
    connection.#upkeep = connection.#keepUp(line);
    return connection;
  }

  /** undefined while there is none */
  get current(): NatsConnection | undefined {
    return this.#line?.nc.isClosed() === true ? undefined : this.#line?.nc;
  }

  /** The way to publish to JetStream; undefined while there is no connection. */
  get acks(): Acks | undefined {
    return this.current === undefined ? undefined : this.#line?.acks;
  }

  /** Why there is no connection, as far as is known. */
  get trouble(): string {
    return this.#trouble;
  }

  /** Attaches to this connection and to each that follows, until the function that is returned is called. */
  tenant(attach: Attach): () => void {
    this.#tenants.add(attach);
    if (this.current !== undefined) attach(this.current);
    return () => this.#tenants.delete(attach);
  }

  /**
   * Told what the server does not let the user do, until the function that is returned is called: of what awaits no
   * answer, as a publish of core NATS and the request for messages, nothing else tells.
   */
  onViolation(listener: (violation: Violation) => void): () => void {
    this.#violations.add(listener);
    return () => this.#violations.delete(listener);
  }

  /** The connection once there is one; undefined when there is none in time. */
  async within(patienceMs: number): Promise<NatsConnection | undefined> {
    if (this.current !== undefined || this.#life.aborted) return this.current;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patienceMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    return this.current;
  }

  /**
   * Runs a task on the connection, once it is there.
   *
   * @throws UserError when it is not there within 10 s, or is lost meanwhile; what the task throws otherwise
   */
  async run<T>(task: (nc: NatsConnection) => Promise<T>): Promise<T> {
    const nc = await this.within(PATIENCE_MS);
    if (nc === undefined) throw this.#away(undefined);
    try {
      return await task(nc);
    } catch (error) {
      // the client knows of the end of a connection before it says so of itself
      const isOver = nc.isClosed() || (error instanceof Error && error.name === 'ClosedConnectionError');
      throw isOver ? this.#away(error) : error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    this.#release();
    await this.#line?.nc.close();
    await this.#upkeep;
  }

  async #keepUp(first: Line): Promise<void> {
    for (let line: Line | undefined = first; line !== undefined; line = await this.#comeBack()) {
      const { nc, acks } = line;
      const stop = (): void => void nc.close();
      this.#life.addEventListener('abort', stop);
      const [reason] = await Promise.all([nc.closed(), acks.ended(), this.#hearOut(line)]);
      this.#life.removeEventListener('abort', stop);
      this.#line = undefined;
      this.#trouble = reason instanceof Error ? reason.message : 'the connection was closed';
    }
  }

  /** Until the connection ends, which ends its status too. */
  async #hearOut({ nc, acks }: Line): Promise<void> {
    if (nc.isClosed()) return;
    for await (const status of nc.status()) {
      const violation = status.type === 'error' ? violationOf(status.error) : undefined;
      if (violation === undefined) continue;
      acks.violated(violation);
      for (const listener of this.#violations) listener(violation);
    }
  }

  /** undefined when its life has ended */
  async #comeBack(): Promise<Line | undefined> {
    for (let backoffMs = FIRST_BACKOFF_MS; ; backoffMs = Math.min(2 * backoffMs, LONGEST_BACKOFF_MS)) {
      if (this.#life.aborted) return undefined;
      try {
        await delay(backoffMs, undefined, { signal: this.#life });
        const line = await this.#dial();
        this.#adopt(line);
        return line;
      } catch (error) {
        // the abort of the signal ends the waiting by an error, too
        if (this.#life.aborted) return undefined;
        this.#trouble = error instanceof Error ? error.message : String(error);
      }
    }
  }

  #adopt(line: Line): void {
    this.#line = line;
    for (const attach of this.#tenants) attach(line.nc);
    this.#release();
  }

  #release(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }

  async #dial(): Promise<Line> {
    this.#life.throwIfAborted();
    const { connect, createInbox } = await import('@nats-io/transport-node');
    const { tls, login } = this.endpoint;
    let nc: NatsConnection;
    try {
      nc = await connect({
        servers: await this.#whoGreets(),
        name: 'mqbench',
        reconnect: false,
        timeout: CONNECT_TIMEOUT_MS,
        pingInterval: PING_INTERVAL_MS,
        maxPingOut: 2,
        // a stack for each message would cost more than the message
        noAsyncTraces: true,
        ...(tls ? { tls: {} } : {}),
        ...Object.fromEntries(Object.entries(login).filter(([, value]) => value !== undefined)),
      });
    } catch (error) {
      throw connectFailure(error, this.endpoint);
    }
    if (!this.#life.aborted) return { nc, acks: new Acks(nc, createInbox()) };
    await nc.close();
    throw this.#life.reason;
  }

  /** The first that does, from one at random on, so that clients spread. Rejects with the last one's failure. */
  async #whoGreets(): Promise<string> {
    const { servers } = this.endpoint;
    const start = Math.floor(Math.random() * servers.length);
    let failure: unknown;
    for (const server of [...servers.slice(start), ...servers.slice(0, start)]) {
      try {
        await awaitGreeting(server, CONNECT_TIMEOUT_MS);
        return server;
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  #away(cause: unknown): UserError {
    return new UserError(`lost NATS at ${this.endpoint.address}: ${this.#trouble}`, {
      code: 'driver.unreachable',
      exitCode: 3,
      hint: 'see its log; npx mqbench status',
      cause,
    });
  }
}
