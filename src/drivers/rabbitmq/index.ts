import type { DriverModule } from '../driver.ts';
import { rabbitmqConfigSchema, type RabbitmqConfig } from './config.ts';
import { defaultMaxMessageBytes, realise } from './contract.ts';
import { brokerMovesDeadLetters } from './dead-lettering.ts';
import { amqplibClient, RabbitmqDriver } from './driver.ts';

/** whose limits hold for the others too, or are larger */
const OLDEST_VERSION = '3.10.8';

/** RabbitMQ with quorum or classic queues. */
export const rabbitmqDriver: DriverModule<RabbitmqConfig> = {
  name: 'rabbitmq',
  configSchema: rabbitmqConfigSchema,
  // a queue keeps its order, and holds one partition; fire-and-forget consumers settle nothing
  capabilities: ({ queueType }) => ({
    ordering: 'partition',
    settlements: ['done', 'retry', 'reject'],
    marksRedeliveries: true,
    emulated: false,
    retryDelay: 'mqbench',
    deadLetters: brokerMovesDeadLetters(queueType) ? 'broker' : 'mqbench',
    maxMessageBytes: defaultMaxMessageBytes(OLDEST_VERSION),
    deduplication: 'none',
    words: {
      redelivery: 'on retry; when the channel or its connection ends',
      delayedDelivery: 'no',
      replay: 'no',
      transactions: 'no',
    },
  }),
  promise: (contract, { queueType }, server) => realise(contract, { queueType, ...server }).effective,
  loadClient: amqplibClient,
  connect: (config, signal) => RabbitmqDriver.connect(config, signal),
};
