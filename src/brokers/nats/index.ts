import type { BrokerDefinition } from '../broker.ts';
import { loopback } from '../ports.ts';
import { nativeNats } from './native.ts';

/** NATS: one server with JetStream and its monitoring port. */
export const nats: BrokerDefinition = {
  name: 'nats',
  title: 'NATS',
  defaultPorts: { broker: 4222, monitor: 8222 },
  connection: (ports) => ({
    url: `nats://${loopback}:${ports['broker']}`,
    monitorUrls: [`http://${loopback}:${ports['monitor']}`],
  }),
  detour: () => ({ to: 'broker', connection: (port) => ({ url: `nats://${loopback}:${port}` }) }),
  native: nativeNats,
  docker: { service: 'nats', version: '2.11.10', published: ['broker', 'monitor'] },
};
