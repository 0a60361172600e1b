import { setTimeout as delay } from 'node:timers/promises';
import { within } from '../within.ts';
import type { RedisConfig } from './config.ts';
import { connectFailure, Gone } from './failure.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const RECONNECT_EVERY_MS = 100;
/** How long disposing waits for the replies under way. */
const GOODBYE_MS = 2_000;

export type Argument = string | Buffer;

/** One socket. Rejects what is under way when it ends, and does not come back. */
export interface Wire {
  /** Replies of bulk strings are text. */
  call(args: readonly Argument[]): Promise<unknown>;
  /** Replies of bulk strings are bytes. */
  callForBytes(args: readonly Argument[]): Promise<unknown>;
  /** Resolves when it has ended, for whatever reason. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a socket and logs in. The client's own reconnection is off: it would send again what it had not
 * written, and not say which was which.
 */
async function openWire(config: RedisConfig): Promise<Wire> {
  const { createClient, RESP_TYPES } = await import('redis');
  const { host, port, username, password, tls } = config;
  const common = { host, port, connectTimeout: CONNECT_TIMEOUT_MS, reconnectStrategy: false } as const;
  const client = createClient({
    RESP: 2,
    // a timer and a signal for each command, and only until it is written: it would say nothing of the server
    commandOptions: { timeout: 0 },
    socket: tls ? { ...common, tls: true } : common,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  });
  const ended = new Promise<void>((resolve) => {
    client.on('end', resolve);
    // the client reports each loss of its socket here, and rejects what was under way besides
    client.on('error', () => resolve());
  });
  const wire: Wire = {
    call: (args) => client.sendCommand(args),
    callForBytes: (args) => client.sendCommand(args, { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } }),
    ended,
    close: async () => {
      if (!client.isOpen) return;
      await Promise.race([client.close(), ended, delay(GOODBYE_MS, undefined, { ref: false })]);
      if (client.isOpen) client.destroy();
    },
  };
  const greet = async (): Promise<void> => {
    await client.connect();
    // a server that wants a password, or still reads its file, says so here
    await wire.call(['PING']);
  };
  try {
    // the client's own timeout ends with the TCP connection, which anything that listens grants
    await within(CONNECT_TIMEOUT_MS, greet(), 'an answer');
    return wire;
  } catch (error) {
    if (client.isOpen) client.destroy();
    throw error;
  }
}

export interface Tenant {
  /** Prepares a new socket, before anything else uses it. Rejects with Gone where there is no point in another. */
  attach(wire: Wire): Promise<void>;
  lost(reason: Error): void;
}

/** A socket that is replaced by a new one whenever it is lost. */
export class Connection implements AsyncDisposable {
  readonly #config: RedisConfig;
  readonly #tenant: Tenant;
  readonly #signal: AbortSignal;
  readonly #closing = new AbortController();
  #wire: Wire | undefined;
  #keeping: Promise<void> = Promise.resolve();

  private constructor(config: RedisConfig, tenant: Tenant, signal: AbortSignal) {
    this.#config = config;
    this.#tenant = tenant;
    this.#signal = AbortSignal.any([signal, this.#closing.signal]);
  }

  /** @throws UserError when there is no server; Gone when the tenant says so */
  static async open(config: RedisConfig, tenant: Tenant, signal: AbortSignal): Promise<Connection> {
    signal.throwIfAborted();
    const connection = new Connection(config, tenant, signal);
    try {
      await connection.#renew();
    } catch (error) {
      if (error instanceof Gone) throw error;
      throw connectFailure(error, config);
    }
    connection.#keeping = connection.#keep();
    return connection;
  }

  /** undefined while there is none */
  get wire(): Wire | undefined {
    return this.#wire;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#wire?.close();
    await this.#keeping;
  }

  async #renew(): Promise<void> {
    const wire = await openWire(this.#config);
    try {
      await this.#tenant.attach(wire);
    } catch (error) {
      await wire.close();
      throw error;
    }
    if (this.#signal.aborted) await wire.close();
    this.#wire = wire;
  }

  /** Never rejects. */
  async #keep(): Promise<void> {
    while (!this.#signal.aborted) {
      if (this.#wire !== undefined) {
        await Promise.race([this.#wire.ended, aborted(this.#signal)]);
        await this.#wire.close();
        this.#wire = undefined;
        continue;
      }
      try {
        await this.#renew();
      } catch (error) {
        if (error instanceof Gone) return this.#tenant.lost(error);
        // the server is away still; the signal ends the wait early
        await delay(RECONNECT_EVERY_MS, undefined, { signal: this.#signal }).catch(() => undefined);
      }
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
