import type { DriverModule } from '../driver.ts';
import { redisConfigSchema, type RedisConfig } from './config.ts';
import { realise, wantedFsync } from './contract.ts';
import { nodeRedisClient, RedisDriver } from './driver.ts';
import { MAX_MESSAGE_BYTES } from './limits.ts';

/** Redis Streams: a stream a partition, a consumer group a subscription. */
export const redisDriver: DriverModule<RedisConfig> = {
  name: 'redis',
  configSchema: redisConfigSchema,
  // fire-and-forget consumers settle nothing
  capabilities: () => ({
    ordering: 'partition',
    settlements: ['done', 'retry', 'reject'],
    marksRedeliveries: true,
    emulated: false,
    retryDelay: 'mqbench',
    deadLetters: 'mqbench',
    maxMessageBytes: MAX_MESSAGE_BYTES,
    deduplication: 'none',
    words: {
      redelivery: 'when its consumer closes; 5 s after it died',
      delayedDelivery: 'no',
      replay: 'from any entry',
      transactions: 'on one server (dead letter and settlement)',
    },
  }),
  // of a server that is configured for it, or lets itself be
  promise: (contract) =>
    realise(contract, { appendonly: 'yes', appendfsync: wantedFsync(contract) }).effective,
  loadClient: nodeRedisClient,
  connect: (config, signal) => RedisDriver.connect(config, signal),
};
