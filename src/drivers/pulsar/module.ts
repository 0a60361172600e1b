import type { Capabilities, Driver, DriverModule } from '../driver.ts';
import { Admin } from './admin.ts';
import type { PulsarClient } from './client.ts';
import { pulsarConfigSchema } from './config.ts';
import type { PulsarConfig } from './config.ts';
import { realise } from './contract.ts';
import { PulsarDriver } from './driver.ts';
import { defaultMaxMessageBytes, requestTimeoutMs } from './limits.ts';
import { Overdue, within } from '../within.ts';
import { unreachable } from './failure.ts';

/** webSocketMaxTextFrameSize of 1 MiB, in which the payload is base64 beside its key and headers. */
const webSocketMaxMessageBytes = 768 * 1024 - 4096;

/** Apache Pulsar through one of two clients. */
export const pulsarDriver: DriverModule<PulsarConfig> = {
  name: 'pulsar',
  configSchema: pulsarConfigSchema,
  capabilities: ({ client }): Capabilities => ({
    // Failover subscriptions: one consumer a partition. Key_Shared would give order per key to more consumers
    // than there are partitions, but only over batches of one key each
    ordering: 'partition',
    settlements: ['done', 'retry', 'reject'],
    // the broker counts deliveries for Shared and Key_Shared only, and forgets the count when it restarts
    marksRedeliveries: false,
    emulated: false,
    retryDelay: 'mqbench',
    deadLetters: 'mqbench',
    maxMessageBytes: client === 'native' ? defaultMaxMessageBytes : webSocketMaxMessageBytes,
    // a producer's sequence ids, which the client repeats when it sends again after it lost its connection; a
    // sequence id has to grow, so that it cannot be the message's own
    deduplication: client === 'native' ? 'by client' : 'none',
    words: {
      redelivery: 'to the next owner of the partition; on retry by mqbench',
      delayedDelivery: 'no (deliverAfter needs a Shared subscription)',
      replay: 'by position or time',
      transactions: 'no (not in this client)',
    },
  }),
  promise: (contract, { client, bookieUrl }, { nodes }) =>
    realise(contract, {
      nodes,
      repeatsIds: client === 'native',
      // where a bookie can be asked, its default
      flushes: bookieUrl === undefined ? undefined : true,
    }).effective,
  loadClient: async (config) => {
    const client = await load(config);
    await client.close();
    return client.info;
  },
  connect,
};

async function connect(config: PulsarConfig, signal: AbortSignal): Promise<Driver> {
  signal.throwIfAborted();
  const client = await load(config);
  try {
    const admin = new Admin(config, signal);
    const facts = Promise.all([admin.version(), admin.bookies(), admin.brokerSettings()]);
    const [version, nodes, brokerSettings] = await within(requestTimeoutMs, facts, 'an answer').catch(
      (error: unknown) => {
        throw error instanceof Overdue ? unreachable(new URL(config.adminUrl).host, error) : error;
      },
    );
    const server = {
      address: config.serviceUrl,
      product: 'Apache Pulsar',
      version,
      nodes,
      emulated: false,
    };
    return new PulsarDriver({ client, admin, server, brokerSettings, signal });
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** A client is loaded when it is used, so that `mqbench --help` does not pay for it. */
async function load(config: PulsarConfig): Promise<PulsarClient> {
  switch (config.client) {
    case 'native': {
      const { NativeClient } = await import('./native/client.ts');
      return NativeClient.load(config);
    }
    case 'websocket': {
      const { WebSocketClient } = await import('./websocket/client.ts');
      return WebSocketClient.load(config);
    }
  }
}
