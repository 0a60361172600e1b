import { createClient, RESP_TYPES } from 'redis';
import { inFlight } from './in-flight.ts';
import { readSetting, Stopwatch } from './setting.ts';

/** node-redis as its guide uses streams: XADD, XREADGROUP on a connection of its own, XACK of what it gave. */
const { connection, topic, messages, sizeBytes, window, prefetch } = readSetting();
const socket = { host: String(connection['host']), port: Number(connection['port']) };
// as the driver has it: without a timer for each command
const commandOptions = { timeout: 0 };
const sending = createClient({ RESP: 2, socket, commandOptions });
const receiving = createClient({ RESP: 2, socket, commandOptions }).withTypeMapping({
  [RESP_TYPES.BLOB_STRING]: Buffer,
});
const settling = createClient({ RESP: 2, socket, commandOptions });
await Promise.all([sending.connect(), receiving.connect(), settling.connect()]);
await sending.xGroupCreate(topic, 'bench', '0', { MKSTREAM: true });

const payload = Buffer.alloc(sizeBytes, 97);
let received = 0;
const watch = new Stopwatch();
const receive = async (): Promise<void> => {
  while (received < messages) {
    const reply = (await receiving.xReadGroup(
      'bench',
      'raw',
      { key: topic, id: '>' },
      { COUNT: prefetch, BLOCK: 100 },
    )) as readonly { readonly messages: readonly { readonly id: Buffer }[] }[] | null;
    for (const { messages: entries } of reply ?? []) {
      received += entries.length;
      await settling.xAck(
        topic,
        'bench',
        entries.map(({ id }) => id),
      );
    }
  }
};
const receivingAll = receive();
await inFlight(messages, window, () => sending.xAdd(topic, '*', { payload }));
watch.published();
await receivingAll;
watch.tell(messages, received);
await sending.del(topic);
await Promise.all([sending.close(), receiving.close(), settling.close()]);
