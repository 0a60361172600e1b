import { createRequire } from 'node:module';
import type { PulsarLibrary } from '../../src/drivers/pulsar/native/api.ts';
import { inFlight } from './in-flight.ts';
import { PulsarTopic } from './pulsar-topic.ts';
import { readSetting, Stopwatch } from './setting.ts';

/** pulsar-client as its documentation uses it: sends, `receive` in a loop, `acknowledge`. */
const setting = readSetting();
const { connection, topic, messages, window, prefetch } = setting;
// it is an optional dependency: there are no types where it is not installed
const { Client } = createRequire(import.meta.url)('pulsar-client') as PulsarLibrary;
const admin = new PulsarTopic(setting);
await admin.create(setting.partitions);
const client = new Client({
  serviceUrl: String(connection['serviceUrl']),
  operationTimeoutSeconds: 30,
  connectionTimeoutMs: 10_000,
  ioThreads: 1,
  messageListenerThreads: 1,
  statsIntervalInSeconds: 0,
  logLevel: 3,
});
const consumer =
  setting.direction === 'publish'
    ? undefined
    : await client.subscribe({
        topic: `persistent://public/default/${topic}`,
        subscription: 'bench',
        subscriptionType: 'Failover',
        subscriptionInitialPosition: 'Earliest',
        consumerName: 'raw',
        receiverQueueSize: prefetch,
        batchIndexAckEnabled: true,
      });
const producer = await client.createProducer({
  topic: `persistent://public/default/${topic}`,
  sendTimeoutMs: 30_000,
  maxPendingMessages: window,
  maxPendingMessagesAcrossPartitions: window,
  blockIfQueueFull: false,
  messageRoutingMode: 'RoundRobinDistribution',
  hashingScheme: 'Murmur3_32Hash',
  batchingEnabled: true,
  batchingMaxPublishDelayMs: 1,
  batchingMaxMessages: setting.maxBatchMessages,
  batchingMaxAllowedSizeInBytes: 5 * 1024 * 1024 - 16 * 1024,
});

const data = Buffer.alloc(setting.sizeBytes, 97);
let received = 0;
const watch = new Stopwatch();
const receive = async (): Promise<void> => {
  if (consumer === undefined) return;
  while (received < messages) {
    const message = await consumer.receive();
    message.getData();
    consumer.acknowledge(message).catch((error: unknown) => {
      throw error;
    });
    received++;
  }
};
const receiving = receive();
await inFlight(messages, window, (index) => producer.send({ data, partitionKey: `key-${index % 10_000}` }));
watch.published();
await receiving;
watch.tell(messages, consumer === undefined ? undefined : received);
await producer.close();
await consumer?.close();
await client.close();
await admin.delete();
