import { UserError } from '../../user-error.ts';
import type { Capabilities, Driver, DriverModule } from '../driver.ts';
import type { KafkaAdmin, KafkaClient } from './client.ts';
import { kafkaConfigSchema } from './config.ts';
import type { KafkaConfig } from './config.ts';
import { realise } from './contract.ts';
import { KafkaDriver } from './driver.ts';
import { reachTimeoutMs } from './limits.ts';
import { requireApis } from './required-apis.ts';
import { serverProtocol } from './server-version.ts';
import type { ServerProtocol } from './server-version.ts';
import { closedBecause, unreachable } from './unreachable.ts';
import { within } from '../within.ts';

/** Apache Kafka, and what speaks its protocol, through one of two clients. */
export const kafkaDriver: DriverModule<KafkaConfig> = {
  name: 'kafka',
  configSchema: kafkaConfigSchema,
  capabilities: (): Capabilities => ({
    ordering: 'partition',
    // with a retry policy all three, as mqbench does what the broker cannot
    settlements: ['done'],
    // a record that is read again from the committed offset looks as it did the first time
    marksRedeliveries: false,
    emulated: false,
    retryDelay: 'mqbench',
    deadLetters: 'mqbench',
    // message.max.bytes, for a batch of records
    maxMessageBytes: 1_048_588,
    deduplication: 'by client',
    words: {
      // a message that waits for its next attempt holds up the commit of its partition
      redelivery: 'to the next owner of the partition, from the committed offset',
      delayedDelivery: 'no',
      replay: 'by offset or time',
      transactions: 'yes, not used here',
    },
  }),
  promise: (contract, { replicationFactor }, { nodes }) =>
    realise(contract, { nodes, replicationFactor }).contract,
  loadClient: async (config) => (await load(config)).info,
  connect,
};

async function connect(config: KafkaConfig, signal: AbortSignal): Promise<Driver> {
  signal.throwIfAborted();
  const client = await load(config);
  const trying = new AbortController();
  const reaching = reach(client, config, trying.signal);
  try {
    const { admin, nodes, protocol } = await untilAborted(
      within(reachTimeoutMs, reaching, `an answer of ${config.brokers.join(', ')}`),
      signal,
    );
    return new KafkaDriver({
      config,
      client,
      admin,
      server: {
        address: config.brokers.join(','),
        product: 'Apache Kafka',
        version: protocol.version,
        nodes,
        emulated: false,
      },
      signal,
    });
  } catch (error) {
    trying.abort();
    // an answer that comes too late is not needed any more; one that fails again has been reported
    reaching.then(
      ({ admin }) => admin.close(),
      () => undefined,
    );
    if (signal.aborted || error instanceof UserError) throw error;
    throw unreachable(config, await closedBecause(config, error));
  }
}

interface Reached {
  readonly admin: KafkaAdmin;
  readonly nodes: number;
  readonly protocol: ServerProtocol;
}

async function reach(client: KafkaClient, config: KafkaConfig, signal: AbortSignal): Promise<Reached> {
  const admin = await client.openAdmin(signal);
  try {
    const protocols = config.brokers.map((broker) => serverProtocol(broker, config.tls));
    const [nodes, protocol] = await Promise.all([admin.nodes(), Promise.any(protocols)]);
    requireApis(client, protocol.apis, config.brokers);
    return { admin, nodes, protocol };
  } catch (error) {
    await admin.close();
    throw error;
  }
}

/** A client is loaded when it is used, so that `mqbench --help` does not pay for it. */
async function load(config: KafkaConfig): Promise<KafkaClient> {
  switch (config.client) {
    case 'platformatic': {
      requireNode();
      const { PlatformaticClient } = await import('./platformatic/client.ts');
      return new PlatformaticClient(config);
    }
    case 'kafkajs': {
      const { KafkajsClient } = await import('./kafkajs/client.ts');
      return new KafkajsClient(config);
    }
  }
}

function requireNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 22)) return;
  throw new UserError(`@platformatic/kafka needs Node >= 22.22, this is ${process.versions.node}`, {
    code: 'kafka.node-too-old',
    exitCode: 3,
    hint: 'npm i -D node@24 beside mqbench, or use the target kafka-kafkajs',
  });
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
