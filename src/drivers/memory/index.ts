import type { DriverModule } from '../driver.ts';
import { memoryConfigSchema, type MemoryConfig } from './config.ts';
import { memoryClient, MemoryDriver, memoryPromise } from './driver.ts';
import { MAX_PAYLOAD_BYTES } from './wire.ts';

export type { MemoryConfig, MemoryFaults } from './config.ts';
export * from './wire.ts';
export { MemoryDriver, type MemoryTruth } from './driver.ts';

/** The reference broker, embedded in mqbench: what selftest trusts. */
export const memoryDriver: DriverModule<MemoryConfig> = {
  name: 'memory',
  configSchema: memoryConfigSchema,
  capabilities: () => ({
    ordering: 'partition',
    settlements: ['done', 'retry', 'reject'],
    marksRedeliveries: true,
    emulated: true,
    retryDelay: 'mqbench',
    deadLetters: 'mqbench',
    maxMessageBytes: MAX_PAYLOAD_BYTES,
    deduplication: 'none',
    words: {
      redelivery: 'on retry; when the connection ends',
      delayedDelivery: 'no',
      replay: 'by position',
      transactions: 'no',
    },
  }),
  promise: memoryPromise,
  loadClient: () => Promise.resolve(memoryClient),
  connect: (config, signal) => MemoryDriver.connect(config, signal),
};
