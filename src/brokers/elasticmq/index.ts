import type { BrokerDefinition } from '../broker.ts';
import { loopback } from '../ports.ts';
import { elasticmqVersion, nativeElasticmq } from './native.ts';

/** ElasticMQ: an emulator of SQS that keeps everything in its memory, or what it is asked to in a file. */
export const elasticmq: BrokerDefinition = {
  name: 'elasticmq',
  title: 'ElasticMQ',
  driver: 'sqs',
  defaultPorts: { broker: 9324 },
  connection: (ports) => ({
    endpoint: `http://${loopback}:${ports['broker']}`,
    emulatorVersion: elasticmqVersion,
  }),
  detour: () => ({ to: 'broker', connection: (port) => ({ endpoint: `http://${loopback}:${port}` }) }),
  native: nativeElasticmq,
  docker: { service: 'elasticmq', version: elasticmqVersion, published: ['broker'] },
};
