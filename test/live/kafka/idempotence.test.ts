import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { kafkaDriver } from '../../../src/drivers/kafka/index.ts';
import { KafkajsClient } from '../../../src/drivers/kafka/kafkajs/client.ts';
import { PlatformaticClient } from '../../../src/drivers/kafka/platformatic/client.ts';
import { Deliveries } from '../contract/deliveries.ts';
import { LossyProxy } from './lossy-proxy.ts';
import { runningKafka } from './running-kafka.ts';

/**
 * What becomes of a message whose acknowledgement is lost. The senders are opened directly: the contracts that
 * use idempotence need three brokers.
 */
const clients = { platformatic: PlatformaticClient, kafkajs: KafkajsClient } as const;

for (const name of ['platformatic', 'kafkajs'] as const) {
  test(`${name}: given an idempotent producer, when an acknowledgement is lost, then its message arrives once, and what follows too`, async (t) => {
    const broker = await runningKafka(t);
    if (broker === undefined) return;
    const { swallowed, requests, outcomes, texts } = await loseOne(broker, name, {
      acks: -1,
      idempotent: true,
    });
    assert.deepEqual({ swallowed, requests }, { swallowed: 1, requests: 4 });
    assert.deepEqual(outcomes, ['acknowledged', 'acknowledged', 'acknowledged']);
    assert.deepEqual(texts, ['before', 'lost', 'after']);
  });

  test(`${name}: given a producer without idempotence, when an acknowledgement is lost, then the send is unknown, and its message is not sent again`, async (t) => {
    const broker = await runningKafka(t);
    if (broker === undefined) return;
    const { swallowed, requests, outcomes, texts } = await loseOne(broker, name, {
      acks: -1,
      idempotent: false,
    });
    assert.deepEqual({ swallowed, requests }, { swallowed: 1, requests: 3 });
    assert.deepEqual(outcomes, ['acknowledged', 'unknown', 'acknowledged']);
    assert.deepEqual(texts, ['before', 'lost', 'after']);
  });
}

interface Loss {
  readonly swallowed: number;
  /** produce requests that reached the broker */
  readonly requests: number;
  readonly outcomes: readonly string[];
  /** of every delivery, in order */
  readonly texts: readonly string[];
}

async function loseOne(
  broker: string,
  name: keyof typeof clients,
  settings: { readonly acks: -1; readonly idempotent: boolean },
): Promise<Loss> {
  await using proxy = await LossyProxy.open(Number(broker.split(':')[1]));
  const config = kafkaDriver.configSchema.parse({ client: name, brokers: [broker] });
  await using driver = await kafkaDriver.connect(config, new AbortController().signal);
  const topic = `mqbench.idempotence-${randomBytes(3).toString('hex')}.${name}`;
  await driver.createTopology(
    { topics: [{ name: topic, partitions: 1, subscriptions: ['a'] }] },
    'leader-acked',
  );
  const client = new clients[name]({ ...config, brokers: [`127.0.0.1:${proxy.port}`] });
  const sender = await client.openSender(topic, { ...settings, deliveryTimeoutMs: 8000 });
  const send = async (text: string): Promise<string> => {
    const message = { key: null, payload: Buffer.from(text), headers: undefined };
    const failures = await sender.send([{ partition: 0, messages: [message] }]);
    return failures.get(0)?.outcome ?? 'acknowledged';
  };
  try {
    const outcomes = [await send('before')];
    proxy.loseNextAcknowledgement();
    outcomes.push(await send('lost'), await send('after'));
    await sender.close();
    const deliveries = new Deliveries();
    const consumer = await driver.openConsumer(
      { topic, name: 'a' },
      { contract: 'leader-acked', window: 100, onLost: deliveries.onLost },
      deliveries.handler,
    );
    const stored = (await driver.backlog({ topic, name: 'a' })) ?? 0;
    // a record more than was sent is a duplicate, and to be waited for
    await deliveries.until(`${stored} deliveries`, () => deliveries.messages.length >= Math.max(3, stored));
    await consumer.close();
    return { swallowed: proxy.swallowed, requests: proxy.produceRequests, outcomes, texts: deliveries.texts };
  } finally {
    await sender.close();
    await driver.deleteTopology();
  }
}
