import type { BrokerDefinition } from '../broker.ts';
import { loopback } from '../ports.ts';
import { nativeRabbitmq } from './native.ts';

/** RabbitMQ: one node with the management, stream and Prometheus plugins. */
export const rabbitmq: BrokerDefinition = {
  name: 'rabbitmq',
  title: 'RabbitMQ',
  defaultPorts: {
    broker: 5672,
    management: 15_672,
    stream: 5552,
    prometheus: 15_692,
    distribution: 25_682,
    epmd: 14_369,
  },
  connection: (ports) => ({
    url: `amqp://guest:guest@${loopback}:${ports['broker']}`,
    managementUrl: `http://guest:guest@${loopback}:${ports['management']}`,
  }),
  native: nativeRabbitmq,
  docker: {
    service: 'rabbitmq',
    version: '4.1.4',
    published: ['broker', 'management', 'stream', 'prometheus'],
  },
};
