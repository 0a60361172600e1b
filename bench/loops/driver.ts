import { randomBytes } from 'node:crypto';
import { driverNamed } from '../../src/drivers/index.ts';
import { inFlight } from './in-flight.ts';
import { batchingOf, readSetting, Stopwatch } from './setting.ts';

/** The raw loop again, through the driver instead of its client: nothing is recorded, and nothing accounted for. */
const setting = readSetting();
const { topic, messages, partitions } = setting;
const KEYS = 10_000;
const SUBSCRIPTION = 'bench';
const contract = 'leader-acked';

const module = driverNamed(setting.driver);
if (module === undefined) throw new Error(`no driver ${setting.driver}`);
const life = new AbortController();
await using driver = await module.connect(setting.connection, life.signal);
await driver.createTopology(
  { topics: [{ name: topic, partitions, subscriptions: [SUBSCRIPTION] }] },
  contract,
);
let received = 0;
let tellAll = (): void => {};
const allReceived = new Promise<void>((resolve) => {
  tellAll = resolve;
});
const onLost = (error: Error): never => {
  throw error;
};
const consumer = await driver.openConsumer(
  { topic, name: SUBSCRIPTION },
  { contract, window: setting.prefetch, onLost },
  () => {
    if (++received === messages) tellAll();
    return 'done';
  },
);
const producer = await driver.openProducer(topic, {
  contract,
  batching: batchingOf(setting),
  onThrottled: () => {},
});
const keys = Array.from({ length: KEYS }, (_, index) => `key-${index}`);
const payload = randomBytes(setting.sizeBytes);
const watch = new Stopwatch();
await inFlight(messages, setting.window, (index) =>
  producer.send({ key: keys[index % KEYS] ?? '', payload }),
);
watch.published();
await allReceived;
watch.tell(messages, received);
await Promise.all([producer.close(), consumer.close()]);
await driver.deleteTopology();
life.abort();
