import { once } from 'node:events';
import { connect } from 'node:net';
import {
  FRAME,
  FrameReader,
  FrameWriter,
  jsonFrame,
  publishFrame,
  settleFrame,
} from '../../src/drivers/memory/index.ts';
import { readSetting, Stopwatch } from './setting.ts';

/** The memory broker's protocol over a socket, and no more: its driver is the only client that there is. */
const { connection, topic, messages, sizeBytes, window, prefetch, partitions } = readSetting();
const socket = connect({ host: '127.0.0.1', port: Number(connection['port']), noDelay: true });
await once(socket, 'connect');
const writer = new FrameWriter((data) => socket.write(data));
const replies = new Map<number, (result: unknown) => void>();
let requests = 0;
const request = (method: string, params: unknown): Promise<unknown> =>
  new Promise((resolve) => {
    requests++;
    replies.set(requests, resolve);
    writer.push(jsonFrame(FRAME.request, { id: requests, method, params }));
  });

const payload = Buffer.alloc(sizeBytes, 97);
let topicId = 0;
let sent = 0;
let acknowledged = 0;
let received = 0;
let watch = new Stopwatch();
let resolveDone = (): void => {};
const done = new Promise<void>((resolve) => {
  resolveDone = resolve;
});
const sendNext = (): void => {
  if (sent >= messages) return;
  sent++;
  writer.push(publishFrame(sent, topicId, `key-${sent % 10_000}`, payload));
};
const reader = new FrameReader((type, body) => {
  if (type === FRAME.acknowledge) {
    acknowledged++;
    if (acknowledged === messages) watch.published();
    sendNext();
  } else if (type === FRAME.deliver) {
    writer.push(settleFrame(body.readUInt32LE(0), body.readUInt32LE(4), 0));
    received++;
    if (received === messages) resolveDone();
  } else if (type === FRAME.reply) {
    const { id, result } = JSON.parse(body.toString()) as { id: number; result?: unknown };
    replies.get(id)?.(result);
  }
});
socket.on('data', (chunk: Buffer) => reader.push(chunk));

const faults = { seed: 1, delayMs: 0, loss: 0, duplicates: 0, reorder: 0, stallForMs: 0 };
await request('createTopic', { name: topic, partitions, subscriptions: ['bench'], faults });
topicId = Number(await request('openProducer', { topic }));
const id = await request('reserveConsumer', {});
await request('subscribe', { id, topic, subscription: 'bench', window: prefetch });
watch = new Stopwatch();
for (let each = 0; each < window; each++) sendNext();
await done;
watch.tell(acknowledged, received);
await request('deleteTopics', { prefix: topic });
socket.end();
