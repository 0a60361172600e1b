import type { BrokerDefinition } from '../broker.ts';
import { loopback } from '../ports.ts';
import { nativePulsar, pulsarVersion } from './native.ts';

/** Apache Pulsar standalone: one broker and one bookie in a process, with the WebSocket service. */
export const pulsar: BrokerDefinition = {
  name: 'pulsar',
  title: 'Pulsar',
  defaultPorts: { broker: 6650, proxied: 6651, proxy: 6652, web: 8080, bookie: 3181, bookieAdmin: 3182 },
  connection: (ports) => ({
    serviceUrl: `pulsar://${loopback}:${ports['broker']}`,
    adminUrl: `http://${loopback}:${ports['web']}`,
    bookieUrl: `http://${loopback}:${ports['bookieAdmin']}`,
  }),
  detour: ({ client }) =>
    client === 'websocket'
      ? { to: 'web', connection: (port) => ({ webSocketUrl: `ws://${loopback}:${port}` }) }
      : {
          to: 'proxied',
          at: 'proxy',
          connection: (port) => ({ serviceUrl: `pulsar://${loopback}:${port}` }),
        },
  native: nativePulsar,
  docker: { service: 'pulsar', version: pulsarVersion, published: ['broker', 'web', 'bookieAdmin'] },
};
