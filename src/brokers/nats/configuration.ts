import type { Site } from '../broker.ts';
import { loopback } from '../ports.ts';

/**
 * nats-server.conf of one server with JetStream. What is not here keeps NATS's default, so that a message may
 * be 1 MiB (max_payload), and fsync follows every two minutes (sync_interval).
 */
export function natsServerConf({ ports, dataDir }: Site): string {
  return [
    'server_name: mqbench',
    `listen: "${loopback}:${ports['broker']}"`,
    `http: "${loopback}:${ports['monitor']}"`,
    // JSON's escapes are among those of NATS's configuration
    `jetstream { store_dir: ${JSON.stringify(dataDir)} }`,
    '',
  ].join('\n');
}
