import { connect } from 'amqplib';
import { readSetting, Stopwatch } from './setting.ts';

/** amqplib as its tutorial uses it: confirms, so many in flight, every message settled by itself. */
const setting = readSetting();
const queueType = String(setting.connection['queueType']);
const url = String(setting.connection['url']);
const sending = await connect(url);
const receiving = await connect(url);
const producer = await sending.createConfirmChannel();
const consumer = await receiving.createChannel();
const { topic, messages } = setting;
await producer.assertExchange(topic, 'direct', { durable: true });
await producer.assertQueue(topic, { durable: true, arguments: { 'x-queue-type': queueType } });
await producer.bindQueue(topic, topic, '0');
await consumer.prefetch(setting.prefetch);

const payload = Buffer.alloc(setting.sizeBytes, 97);
const options = { deliveryMode: queueType === 'classic' ? 1 : 2, mandatory: true };
// a stream is read from where the consumer says
const reading = queueType === 'stream' ? { arguments: { 'x-stream-offset': 'first' } } : {};
let sent = 0;
let confirmed = 0;
let received = 0;
const watch = new Stopwatch();
const done = new Promise<void>((resolve) => {
  consumer
    .consume(
      topic,
      (message) => {
        if (message === null) return;
        consumer.ack(message);
        received++;
        if (received === messages) resolve();
      },
      reading,
    )
    .catch((error: unknown) => {
      throw error;
    });
});
const sendNext = (): void => {
  if (sent >= messages) return;
  sent++;
  producer.publish(topic, '0', payload, options, (error: unknown) => {
    if (error !== null && error !== undefined) throw error;
    confirmed++;
    if (confirmed === messages) watch.published();
    sendNext();
  });
};
for (let each = 0; each < setting.window; each++) sendNext();
await done;
watch.tell(sent, received);
await producer.deleteQueue(topic);
await producer.deleteExchange(topic);
await sending.close();
await receiving.close();
