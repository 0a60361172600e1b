import type { BrokerDefinition } from '../broker.ts';
import { loopback } from '../ports.ts';
import { nativeRabbitmq } from './native.ts';

/** RabbitMQ with the management, stream and Prometheus plugins. */
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
  // Erlang looks for the port mapper of a host at one port
  cluster: { sharedPorts: ['epmd'] },
  connection: (...nodes) => ({
    url: oneOrSeveral(nodes.map((ports) => `amqp://guest:guest@${loopback}:${ports['broker']}`)),
    managementUrl: oneOrSeveral(
      nodes.map((ports) => `http://guest:guest@${loopback}:${ports['management']}`),
    ),
  }),
  // the management API stays as it is: no message goes that way
  detour: () => ({
    to: 'broker',
    connection: (port) => ({ url: `amqp://guest:guest@${loopback}:${port}` }),
  }),
  native: nativeRabbitmq,
  docker: {
    service: 'rabbitmq',
    version: '4.1.4',
    published: ['broker', 'management', 'stream', 'prometheus'],
  },
};

function oneOrSeveral(urls: readonly string[]): string | readonly string[] {
  const [first = '', ...others] = urls;
  return others.length === 0 ? first : urls;
}
