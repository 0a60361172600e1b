import type { DriverModule } from '../driver.ts';
import { memoryConfigSchema, type MemoryConfig } from './config.ts';
import { memoryClient, MemoryDriver } from './driver.ts';

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
  }),
  loadClient: () => Promise.resolve(memoryClient),
  connect: (config, signal) => MemoryDriver.connect(config, signal),
};
