import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { JetStreamManager } from '@nats-io/jetstream';
import type { MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import type { ClientInfo } from '../driver.ts';

/** How long an answer of the JetStream API is waited for. */
const API_TIMEOUT_MS = 5_000;

/** What of the client's libraries is used, loaded. */
export interface Client {
  /** @throws the client's JetStreamNotEnabled */
  manager(nc: NatsConnection): Promise<JetStreamManager>;
  emptyHeaders(): MsgHdrs;
  newInbox(): string;
  newId(): string;
}

export async function loadClient(): Promise<Client> {
  const [{ jetstreamManager }, { createInbox, headers, nuid }] = await Promise.all([
    import('@nats-io/jetstream'),
    import('@nats-io/transport-node'),
  ]);
  return {
    manager: (nc) => jetstreamManager(nc, { timeout: API_TIMEOUT_MS, checkAPI: false }),
    emptyHeaders: () => headers(),
    newInbox: () => createInbox(),
    newId: () => nuid.next(),
  };
}

export async function natsClient(): Promise<ClientInfo> {
  // the package does not export its package.json, which is above its main file
  const main = createRequire(import.meta.url).resolve('@nats-io/jetstream');
  const file = join(dirname(dirname(main)), 'package.json');
  const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string };
  return { name: '@nats-io/jetstream', version, transport: 'NATS' };
}
