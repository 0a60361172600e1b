import type { DriverModule } from '../driver.ts';
import { natsClient } from './client.ts';
import { natsConfigSchema, type NatsConfig } from './config.ts';
import { realise } from './contract.ts';
import { NatsDriver } from './driver.ts';

/** NATS JetStream with streams in files and durable pull consumers. */
export const natsDriver: DriverModule<NatsConfig> = {
  name: 'nats',
  configSchema: natsConfigSchema,
  // A consumer delivers in the order of its stream, until something is delivered again: with more than one
  // message under way, that one then comes after its successors. Only max_ack_pending 1 rules that out.
  capabilities: ({ ordering }) => ({
    ordering,
    ...(ordering === 'none' ? {} : { inFlight: 'one a partition' as const }),
    settlements: ['done', 'retry', 'reject'],
    // by the server's count of deliveries, which it writes to its file behind what it does: what was under way when
    // the server was killed is counted from 1 again, and comes without a mark (test/live/errors/nats.test.ts; seen
    // on 2.9.10). So a duplicate without one is no breach.
    marksRedeliveries: false,
    emulated: false,
    retryDelay: 'broker',
    deadLetters: 'mqbench',
    // the server's max_payload, which headers count into
    maxMessageBytes: 1024 * 1024,
    deduplication: 'by id',
    words: {
      redelivery: 'on retry; after ack_wait when its consumer is gone',
      delayedDelivery: 'no (since NATS 2.12, not used)',
      replay: 'by sequence or time, until the stream drops it',
      transactions: 'no (atomic batches since NATS 2.12, not used)',
    },
  }),
  promise: (contract, _config, server) => realise(contract, server, 'not asked').effective,
  loadClient: natsClient,
  connect: (config, signal) => NatsDriver.connect(config, signal),
};
