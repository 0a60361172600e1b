import type { DriverModule } from '../driver.ts';
import { rabbitmqConfigSchema, type RabbitmqConfig } from './config.ts';
import { defaultMaxMessageBytes, realise } from './contract.ts';
import { brokerMovesDeadLetters } from './dead-lettering.ts';
import { amqplibClient, RabbitmqDriver } from './driver.ts';

/** From it on the limit is 16 MiB, where it was 128 MiB; the producer asks the server which holds. */
const SMALLER_LIMIT_VERSION = '4.0.0';

/** RabbitMQ with quorum queues, classic queues or streams. */
export const rabbitmqDriver: DriverModule<RabbitmqConfig> = {
  name: 'rabbitmq',
  configSchema: rabbitmqConfigSchema,
  // a queue keeps its order, and holds one partition; fire-and-forget consumers settle nothing
  capabilities: ({ queueType }) => ({
    ordering: 'partition',
    settlements: ['done', 'retry', 'reject'],
    // what is read again from the stored offset looks as it did the first time
    marksRedeliveries: queueType !== 'stream',
    emulated: false,
    retryDelay: 'mqbench',
    deadLetters: brokerMovesDeadLetters(queueType) ? 'broker' : 'mqbench',
    maxMessageBytes: defaultMaxMessageBytes(SMALLER_LIMIT_VERSION),
    deduplication: 'none',
    words: {
      redelivery:
        queueType === 'stream'
          ? 'to the next reader of the partition, from the stored offset'
          : 'on retry; when the channel or its connection ends',
      delayedDelivery: 'no',
      replay: queueType === 'stream' ? 'by offset or time' : 'no',
      transactions: 'tx, not atomic over queues; not used here',
    },
  }),
  promise: (contract, { queueType }, server) => realise(contract, { queueType, ...server }).effective,
  loadClient: amqplibClient,
  connect: (config, signal) => RabbitmqDriver.connect(config, signal),
};
