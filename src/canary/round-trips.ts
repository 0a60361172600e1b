import { MemoryBroker } from '../brokers/memory/index.ts';
import { memoryDriver } from '../drivers/memory/index.ts';

/** Until the compiler is done with the path, and the connection with its start. */
const WARM_UP = 200;

/** As large as those of most scenarios. */
const PAYLOAD_BYTES = 1024;

const SUBSCRIPTION = { topic: 'mqbench.canary', name: 'canary' };

/**
 * Sends messages through a memory broker of its own, each when the one before has come back and is acknowledged: how soon
 * threads of this machine wake each other over the loopback.
 * @returns µs of each round trip
 */
export async function roundTrips(count: number): Promise<readonly number[]> {
  await using broker = await MemoryBroker.start();
  const config = memoryDriver.configSchema.parse({ port: broker.port });
  await using driver = await memoryDriver.connect(config, new AbortController().signal);
  const { topic, name } = SUBSCRIPTION;
  await driver.createTopology({ topics: [{ name: topic, partitions: 1, subscriptions: [name] }] }, CONTRACT);
  const producer = await driver.openProducer(topic, { contract: CONTRACT, batching: UNBATCHED });
  let arrived = (): void => undefined;
  const consumer = await driver.openConsumer(
    SUBSCRIPTION,
    { contract: CONTRACT, window: 1, onLost: () => undefined },
    () => {
      arrived();
      return 'done';
    },
  );
  const payload = Buffer.alloc(PAYLOAD_BYTES);
  const durationsUs: number[] = [];
  for (let trip = -WARM_UP; trip < count; trip++) {
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const beganMs = performance.now();
    await Promise.all([producer.send({ key: undefined, payload }), arrival]);
    if (trip >= 0) durationsUs.push((performance.now() - beganMs) * 1000);
  }
  await consumer.close();
  await producer.close();
  return durationsUs;
}

const CONTRACT = 'leader-acked';
const UNBATCHED = { lingerMs: 0, maxBatchBytes: PAYLOAD_BYTES, maxBatchMessages: 1 };
