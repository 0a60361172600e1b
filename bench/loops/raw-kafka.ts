import { Admin, Consumer, MessagesStreamModes, Producer } from '@platformatic/kafka';
import { readSetting, Stopwatch } from './setting.ts';

/** @platformatic/kafka as its documentation uses it: sends of so many messages, a stream, commits by interval. */
const setting = readSetting();
const base = { clientId: 'raw', bootstrapBrokers: setting.connection['brokers'] as string[] };
const { topic, messages, maxBatchMessages } = setting;
const admin = new Admin(base);
await admin.createTopics({ topics: [topic], partitions: setting.partitions, replicas: 1 });
const producer = new Producer(base);
const consumer = new Consumer({ ...base, groupId: topic });
const stream = await consumer.consume({
  topics: [topic],
  mode: MessagesStreamModes.EARLIEST,
  autocommit: 500,
  minBytes: 1,
  maxWaitTime: 500,
});

const value = Buffer.alloc(setting.sizeBytes, 97);
const keys = Array.from({ length: 10_000 }, (_, index) => Buffer.from(`key-${index}`));
let sent = 0;
let received = 0;
const watch = new Stopwatch();
const done = new Promise<void>((resolve) => {
  stream.on('data', () => {
    received++;
    if (received === messages) resolve();
  });
});
const sendBatches = async (): Promise<void> => {
  while (sent < messages) {
    const count = Math.min(maxBatchMessages, messages - sent);
    const batch = Array.from({ length: count }, (_, index) => ({
      topic,
      key: keys[(sent + index) % keys.length] ?? value,
      value,
    }));
    sent += count;
    await producer.send({ messages: batch, acks: 1 });
  }
};
await Promise.all(Array.from({ length: setting.window / maxBatchMessages }, sendBatches));
watch.published();
await done;
watch.tell(sent, received);
await stream.close();
await consumer.close();
await producer.close();
await admin.deleteTopics({ topics: [topic] });
await admin.close();
