import type { DriverModule } from '../driver.ts';
import { rabbitmqConfigSchema, type RabbitmqConfig } from './config.ts';
import { amqplibClient, RabbitmqDriver } from './driver.ts';

/** RabbitMQ with quorum or classic queues. */
export const rabbitmqDriver: DriverModule<RabbitmqConfig> = {
  name: 'rabbitmq',
  configSchema: rabbitmqConfigSchema,
  // a queue keeps its order, and holds one partition; fire-and-forget consumers settle nothing
  capabilities: () => ({
    ordering: 'partition',
    settlements: ['done', 'retry', 'reject'],
    marksRedeliveries: true,
    emulated: false,
  }),
  loadClient: amqplibClient,
  connect: (config, signal) => RabbitmqDriver.connect(config, signal),
};
