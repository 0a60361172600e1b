import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { OutgoingMessage, Producer } from '../../drivers/index.ts';
import { drawnShare } from '../../load/index.ts';
import type { SagaSpec } from '../../scenario/index.ts';
import { UserError } from '../../user-error.ts';
import { sendUntilStored } from '../send-until-stored.ts';

/** How often the relay looks for what is to be published. */
const POLL_MS = 20;
/** As many are published at a time. */
const RELAYED = 500;

/** A producer as the shop's own: it writes an order down and publishes it, in the way that the scenario names. */
export async function placing(producer: Producer, spec: SagaSpec, seed: number): Promise<Producer> {
  switch (spec.placing) {
    case 'direct':
      return producer;
    case 'dual-write':
      return new DualWrite(producer, spec, seed);
    case 'outbox':
      return Outbox.open(producer, spec, seed);
  }
}

/**
 * The order is written down, then published, and nothing holds the two together: where the process dies in between,
 * the customer has an order of which nobody else ever hears.
 */
class DualWrite implements Producer {
  readonly #producer: Producer;
  readonly #crashes: (count: number) => boolean;
  #written = 0;

  constructor(producer: Producer, spec: SagaSpec, seed: number) {
    this.#producer = producer;
    this.#crashes = (count) => drawnShare(`placing ${count}`, seed) < spec.placingCrashes;
  }

  async send(message: OutgoingMessage): Promise<void> {
    if (this.#crashes(this.#written++)) return;
    await this.#producer.send(message);
  }

  close(): Promise<void> {
    return this.#producer.close();
  }
}

/**
 * The order and the message that is to be published are written in one transaction, and a relay publishes what it
 * finds there. Where it dies after publishing and before it has noted that, it publishes again.
 */
class Outbox implements Producer {
  readonly #producer: Producer;
  readonly #folder: string;
  readonly #database: DatabaseSync;
  readonly #crashes: (id: number) => boolean;
  readonly #find: StatementSync;
  readonly #note: StatementSync;
  readonly #order: StatementSync;
  readonly #insert: StatementSync;
  /** orders that wait for the next commit: what comes in one turn of the event loop shares it */
  #waiting: { readonly message: OutgoingMessage; readonly resolve: () => void }[] = [];
  readonly #crashed = new Set<number>();
  #closing = false;
  readonly #relaying: Promise<void>;

  private constructor(
    producer: Producer,
    folder: string,
    database: DatabaseSync,
    crashes: (id: number) => boolean,
  ) {
    this.#producer = producer;
    this.#folder = folder;
    this.#database = database;
    this.#crashes = crashes;
    // a commit is on the disk, or it is not one
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT);
      CREATE TABLE outbox (id INTEGER PRIMARY KEY, key TEXT, payload BLOB, sent INTEGER DEFAULT 0);
      CREATE INDEX unsent ON outbox (id) WHERE sent = 0;`);
    this.#order = database.prepare('INSERT INTO orders (customer) VALUES (NULL)');
    this.#insert = database.prepare('INSERT INTO outbox (key, payload) VALUES (?, ?)');
    this.#find = database.prepare('SELECT id, key, payload FROM outbox WHERE sent = 0 ORDER BY id LIMIT ?');
    this.#note = database.prepare('UPDATE outbox SET sent = 1 WHERE id = ?');
    this.#relaying = this.#relay();
  }

  /** @throws UserError (exit code 3) where this Node has no SQLite */
  static async open(producer: Producer, spec: SagaSpec, seed: number): Promise<Outbox> {
    const { DatabaseSync } = await import('node:sqlite').catch((cause: unknown) => {
      throw new UserError('an outbox needs SQLite, which this Node does not have', {
        code: 'saga.no-sqlite',
        exitCode: 3,
        hint: 'use Node 22.5 or later, or "placing: direct"',
        cause,
      });
    });
    const folder = await mkdtemp(join(tmpdir(), 'mqbench-outbox-'));
    const crashes = (id: number): boolean => drawnShare(`relaying ${id}`, seed) < spec.placingCrashes;
    return new Outbox(producer, folder, new DatabaseSync(join(folder, 'shop.db')), crashes);
  }

  /** Resolves when the order is written down. */
  send(message: OutgoingMessage): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#commit());
      // the payload is the caller's again when this resolves
      this.#waiting.push({ message, resolve });
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#relaying;
    await this.#producer.close();
    this.#database.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #commit(): void {
    const orders = this.#waiting;
    this.#waiting = [];
    this.#database.exec('BEGIN');
    for (const { message } of orders) {
      this.#order.run();
      this.#insert.run(message.key ?? null, message.payload);
    }
    this.#database.exec('COMMIT');
    for (const { resolve } of orders) resolve();
  }

  /** Until it is closed; what is written down by then is published. */
  async #relay(): Promise<void> {
    for (;;) {
      const rows = this.#find.all(RELAYED) as { id: number; key: string | null; payload: Uint8Array }[];
      const published = await Promise.all(rows.map((row) => this.#publish(row)));
      if (published.includes('given up')) return;
      if (rows.length > 0) continue;
      if (this.#closing) return;
      await new Promise((resolve) => {
        setTimeout(resolve, POLL_MS);
      });
    }
  }

  async #publish({
    id,
    key,
    payload,
  }: {
    readonly id: number;
    readonly key: string | null;
    readonly payload: Uint8Array;
  }): Promise<'published' | 'given up'> {
    const message = { key: key ?? undefined, payload: Buffer.from(payload) };
    if (!(await sendUntilStored(this.#producer, message, () => this.#closing))) return 'given up';
    if (this.#crashes(id) && !this.#crashed.has(id)) this.#crashed.add(id);
    else this.#note.run(id);
    return 'published';
  }
}
