import { once } from 'node:events';
import { WebSocket } from 'ws';
import { PulsarTopic } from './pulsar-topic.ts';
import { readSetting, Stopwatch } from './setting.ts';

/** Pulsar's WebSocket API as its documentation uses it with Node: JSON both ways, each message acknowledged. */
const setting = readSetting();
const { connection, topic, messages, window } = setting;
const admin = new PulsarTopic(setting);
await admin.create(setting.partitions);
const base = String(connection['adminUrl']).replace(/^http/, 'ws');
const place = `persistent/public/default/${topic}`;
const open = async (path: string): Promise<WebSocket> => {
  const socket = new WebSocket(`${base}/ws/v2/${path}`, { perMessageDeflate: false });
  await once(socket, 'open');
  return socket;
};
const consumer =
  setting.direction === 'publish'
    ? undefined
    : await open(
        `consumer/${place}/bench?subscriptionType=Failover&receiverQueueSize=${setting.prefetch}&consumerName=raw`,
      );
const producer = await open(
  `producer/${place}?hashingScheme=Murmur3_32Hash&messageRoutingMode=RoundRobinPartition&maxPendingMessages=1000`,
);

const payload = Buffer.alloc(setting.sizeBytes, 97);
let sent = 0;
let acknowledged = 0;
let received = 0;
const watch = new Stopwatch();
const receivedAll = new Promise<void>((resolve) => {
  if (consumer === undefined) return resolve();
  consumer.on('message', (text: Buffer) => {
    const frame = JSON.parse(text.toString()) as { readonly messageId: string; readonly payload: string };
    Buffer.from(frame.payload, 'base64');
    consumer.send(JSON.stringify({ messageId: frame.messageId }));
    received++;
    if (received === messages) resolve();
  });
});
const sendNext = (): void => {
  if (sent >= messages) return;
  const key = `key-${sent % 10_000}`;
  sent++;
  producer.send(JSON.stringify({ payload: payload.toString('base64'), context: String(sent), key }));
};
await new Promise<void>((resolve, reject) => {
  producer.on('message', (text: Buffer) => {
    const { result, errorMsg } = JSON.parse(text.toString()) as { result: string; errorMsg?: string };
    if (result !== 'ok') return reject(new Error(errorMsg ?? result));
    acknowledged++;
    if (acknowledged === messages) resolve();
    else sendNext();
  });
  for (let each = 0; each < window; each++) sendNext();
});
watch.published();
await receivedAll;
watch.tell(acknowledged, consumer === undefined ? undefined : received);
producer.close();
consumer?.close();
await admin.delete();
