import type { BrokerDefinition } from '../broker.ts';
import { loopback } from '../ports.ts';
import { nativeRedis } from './native.ts';

/** Redis: one node with an append-only file. */
export const redis: BrokerDefinition = {
  name: 'redis',
  title: 'Redis',
  defaultPorts: { broker: 6379 },
  // the server is ours alone, so the driver may set appendfsync to what a contract takes
  connection: (ports) => ({ host: loopback, port: ports['broker'], appendfsync: 'set' }),
  detour: () => ({ to: 'broker', connection: (port) => ({ port }) }),
  native: nativeRedis,
  docker: { service: 'redis', version: '8.2.1', published: ['broker'] },
};
