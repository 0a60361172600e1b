import type { Site } from '../broker.ts';
import { loopback } from '../ports.ts';

/** When a message is flushed: every two minutes, NATS's default, or before it is acknowledged (2.10). */
export type Sync = 'default' | 'always';

/**
 * nats-server.conf of one server with JetStream. What is not here keeps NATS's default, so that a message may
 * be 1 MiB (max_payload).
 */
export function natsServerConf({ ports, dataDir }: Site, sync: Sync): string {
  const store = `store_dir: ${JSON.stringify(dataDir)}`;
  return [
    'server_name: mqbench',
    `listen: "${loopback}:${ports['broker']}"`,
    `http: "${loopback}:${ports['monitor']}"`,
    // JSON's escapes are among those of NATS's configuration
    sync === 'always' ? `jetstream { ${store}, sync_interval: always }` : `jetstream { ${store} }`,
    '',
  ].join('\n');
}
