import { realpath } from 'node:fs/promises';
import { findProgram } from '../program.ts';

/**
 * The server's own start script. Debian's /usr/sbin/rabbitmq-server is a wrapper that changes to the user of
 * the system service, so the one behind it comes first; Homebrew keeps its script in sbin.
 */
const candidates = [
  '/usr/lib/rabbitmq/bin/rabbitmq-server',
  '/opt/homebrew/sbin/rabbitmq-server',
  '/usr/local/sbin/rabbitmq-server',
  'rabbitmq-server',
];

export interface RabbitmqServer {
  readonly path: string;
  /** from the name of its folder; undefined where that does not tell */
  readonly version: string | undefined;
}

/** The installed RabbitMQ server, or undefined where there is none. */
export async function findServer(): Promise<RabbitmqServer | undefined> {
  const path = await findProgram(...candidates);
  if (path === undefined) return undefined;
  const version = /(?:rabbitmq_server-|rabbitmq\/)(\d+\.\d+\.\d+)/.exec(await realpath(path))?.[1];
  return { path, version };
}
