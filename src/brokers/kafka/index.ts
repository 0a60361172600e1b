import type { BrokerDefinition } from '../broker.ts';
import { loopback } from '../ports.ts';
import { kafkaVersion, nativeKafka } from './native.ts';

/** Apache Kafka: one broker in KRaft mode. */
export const kafka: BrokerDefinition = {
  name: 'kafka',
  title: 'Kafka',
  defaultPorts: { broker: 9092, controller: 19_093 },
  connection: (ports) => ({ brokers: [`${loopback}:${ports['broker']}`] }),
  native: nativeKafka,
  docker: { service: 'kafka', version: kafkaVersion, published: ['broker'] },
};
