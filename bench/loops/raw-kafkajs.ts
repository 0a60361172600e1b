import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { readSetting, Stopwatch } from './setting.ts';

/** kafkajs as its documentation uses it: sends of so many messages, eachBatch, commits by interval. */
const setting = readSetting();
const { topic, messages, maxBatchMessages } = setting;
const kafka = new Kafka({
  clientId: 'raw',
  brokers: setting.connection['brokers'] as string[],
  logLevel: logLevel.NOTHING,
});
const admin = kafka.admin();
await admin.connect();
await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: setting.partitions }] });
const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
await producer.connect();
const consumer = kafka.consumer({ groupId: topic, minBytes: 1 });
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });

const value = Buffer.alloc(setting.sizeBytes, 97);
const keys = Array.from({ length: 10_000 }, (_, index) => `key-${index}`);
let sent = 0;
let received = 0;
let resolveDone = (): void => {};
const done = new Promise<void>((resolve) => {
  resolveDone = resolve;
});
const joined = new Promise<void>((resolve) => {
  consumer.on(consumer.events.GROUP_JOIN, () => resolve());
});
await consumer.run({
  autoCommitInterval: 500,
  eachBatch: async (each) => {
    const { batch } = each;
    for (const message of batch.messages) {
      received++;
      each.resolveOffset(message.offset);
    }
    await each.heartbeat();
    if (received === messages) resolveDone();
  },
});
await joined;
const watch = new Stopwatch();
const sendBatches = async (): Promise<void> => {
  while (sent < messages) {
    const count = Math.min(maxBatchMessages, messages - sent);
    const batch = Array.from({ length: count }, (_, index) => ({
      key: keys[(sent + index) % keys.length] ?? '',
      value,
    }));
    sent += count;
    await producer.send({ topic, messages: batch, acks: 1 });
  }
};
await Promise.all(Array.from({ length: setting.window / maxBatchMessages }, sendBatches));
watch.published();
await done;
watch.tell(sent, received);
await consumer.disconnect();
await producer.disconnect();
await admin.deleteTopics({ topics: [topic] });
await admin.disconnect();
