import type { BrokerDefinition } from '../broker.ts';
import { loopback } from '../ports.ts';
import { kafkaVersion, nativeKafka } from './native.ts';

/** Apache Kafka in KRaft mode; each node is broker and controller. */
export const kafka: BrokerDefinition = {
  name: 'kafka',
  title: 'Kafka',
  defaultPorts: { broker: 9092, controller: 19_093 },
  cluster: { sharedPorts: [] },
  connection: (...nodes) => ({ brokers: nodes.map((ports) => `${loopback}:${ports['broker']}`) }),
  native: nativeKafka,
  docker: { service: 'kafka', version: kafkaVersion, published: ['broker'] },
};
