import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { FauxqsBroker } from '../../../src/brokers/index.ts';
import type { Driver } from '../../../src/drivers/index.ts';
import { sqsDriver } from '../../../src/drivers/sqs/index.ts';

const batching = { lingerMs: 5, maxBatchBytes: 1024 * 1024, maxBatchMessages: 1000 };
const subscription = { topic: 'mqbench.test.t1.stream', name: 'a' };

describe('sqs on the embedded emulator', () => {
  let broker: FauxqsBroker | undefined;
  before(async () => {
    broker = await FauxqsBroker.start();
  });
  after(() => broker?.[Symbol.asyncDispose]());

  async function connect(changes: object = {}): Promise<Driver> {
    const config = sqsDriver.configSchema.parse({ endpoint: `http://127.0.0.1:${broker?.port}`, ...changes });
    return sqsDriver.connect(config, new AbortController().signal);
  }

  it('sends and deletes in batches of ten, and counts each request', async () => {
    await using driver = await connect();
    await driver.createTopology(topologyOf(['a']), 'leader-acked');
    const producer = await driver.openProducer(subscription.topic, { contract: 'leader-acked', batching });
    await Promise.all(Array.from({ length: 100 }, (_, n) => producer.send(message(n))));
    const handled = withResolvers();
    let count = 0;
    const consumer = await driver.openConsumer(subscription, options(), () => {
      count++;
      if (count === 100) handled.resolve();
      return 'done';
    });
    await handled.promise;
    await consumer.close();
    await driver.deleteTopology();
    const requests = driver.requests?.() ?? {};
    assert.equal(requests['SendMessageBatch'], 10);
    assert.equal(requests['ReceiveMessage'], 10);
    assert.equal(requests['DeleteMessageBatch'], 10);
    assert.ok((requests['ReceiveMessage empty'] ?? 0) >= 1);
  });

  it('keeps a message from others as long as its handler takes, beyond the visibility timeout', async () => {
    await using driver = await connect({ visibilitySeconds: 1 });
    await driver.createTopology(topologyOf(['a']), 'leader-acked');
    const producer = await driver.openProducer(subscription.topic, { contract: 'leader-acked', batching });
    await producer.send(message(1));
    let deliveries = 0;
    const handler = async () => {
      deliveries++;
      // three timeouts: the passing of time is what this is about
      await sleep(3000);
      return 'done' as const;
    };
    const consumers = [1, 2].map(() => driver.openConsumer(subscription, options(), handler));
    await sleep(3200);
    for (const consumer of consumers) await (await consumer).close();
    assert.equal(await driver.backlog(subscription), 0);
    await driver.deleteTopology();
    assert.equal(deliveries, 1);
  });

  it('refuses several subscriptions, and names what has them', async () => {
    await using driver = await connect();
    await assert.rejects(driver.createTopology(topologyOf(['a', 'b']), 'leader-acked'), {
      code: 'driver.no-fan-out',
      exitCode: 3,
      hint: /sns/,
    });
    assert.deepEqual(await driver.deleteLeftovers('mqbench.'), []);
  });
});

function topologyOf(subscriptions: readonly string[]) {
  return { topics: [{ name: subscription.topic, partitions: 1, subscriptions }] };
}

function message(n: number) {
  return { key: 'key', payload: Buffer.from(String(n)) };
}

function options() {
  return {
    contract: 'leader-acked' as const,
    window: 500,
    onLost: (error: Error) => {
      throw error;
    },
  };
}

/** Promise.withResolvers, which Node 20 lacks. */
function withResolvers() {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
