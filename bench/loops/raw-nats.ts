import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { inFlight } from './in-flight.ts';
import { readSetting, Stopwatch } from './setting.ts';

/** JetStream as its README uses it: publishes whose PubAck is awaited, `consume` with a callback that acks. */
const { connection, topic, messages, sizeBytes, window, prefetch } = readSetting();
const stream = topic.replaceAll('.', '_');
const nc = await connect({ servers: String(connection['url']), noAsyncTraces: true });
const jsm = await jetstreamManager(nc);
const js = jetstream(nc);
await jsm.streams.add({ name: stream, subjects: [`${topic}.0`], storage: 'file' });
await jsm.consumers.add(stream, { durable_name: 'bench', ack_policy: 'explicit', max_ack_pending: -1 });
const consumer = await js.consumers.get(stream, 'bench');

const payload = Buffer.alloc(sizeBytes, 97);
let received = 0;
const watch = new Stopwatch();
const done = new Promise<void>((resolve, reject) => {
  consumer
    .consume({
      max_messages: prefetch,
      callback: (message) => {
        message.ack();
        received++;
        if (received === messages) resolve();
      },
    })
    .catch(reject);
});
await inFlight(messages, window, () => js.publish(`${topic}.0`, payload));
watch.published();
await done;
watch.tell(messages, received);
await jsm.streams.delete(stream);
await nc.close();
