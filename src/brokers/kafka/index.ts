import type { BrokerDefinition } from '../broker.ts';
import { loopback } from '../ports.ts';
import { kafkaVersion, nativeKafka } from './native.ts';

/** Apache Kafka in KRaft mode; each node is broker and controller. */
export const kafka: BrokerDefinition = {
  name: 'kafka',
  title: 'Kafka',
  defaultPorts: { broker: 9092, proxied: 9093, proxy: 9094, controller: 19_093 },
  cluster: { sharedPorts: [] },
  connection: (...nodes) => ({ brokers: nodes.map((ports) => `${loopback}:${ports['broker']}`) }),
  detour: () => ({
    to: 'proxied',
    at: 'proxy',
    connection: (port) => ({ brokers: [`${loopback}:${port}`] }),
  }),
  native: nativeKafka,
  docker: { service: 'kafka', version: kafkaVersion, published: ['broker'] },
};
