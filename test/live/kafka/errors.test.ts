import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { SendError } from '../../../src/drivers/index.ts';
import type { Driver } from '../../../src/drivers/index.ts';
import { UserError } from '../../../src/user-error.ts';
import { kafkaDriver } from '../../../src/drivers/kafka/index.ts';
import { LossyProxy } from './lossy-proxy.ts';
import { runningKafka } from './running-kafka.ts';

const secret = 'kept-to-itself';
const sasl = { mechanism: 'plain', username: 'user', password: secret };
const batching = { lingerMs: 0, maxBatchBytes: 65_536, maxBatchMessages: 100 };

for (const client of ['platformatic', 'kafkajs'] as const) {
  const connect = (broker: string, more: object = {}): Promise<Driver> => {
    const config = kafkaDriver.configSchema.parse({ client, brokers: [broker], ...more });
    return kafkaDriver.connect(config, new AbortController().signal);
  };
  const topicSpec = (partitions: number) => ({
    name: `mqbench.errors-${randomBytes(3).toString('hex')}.${client}`,
    partitions,
    subscriptions: ['a'],
  });

  describe(`errors of kafka through ${client}`, () => {
    test('given a listener without SASL, when a user is named, then it says so, and not the password', async (t) => {
      const broker = await runningKafka(t);
      if (broker === undefined) return;
      await assert.rejects(connect(broker, { sasl }), (error: Error) => {
        assert.match(error.message, new RegExp(`^kafka at ${broker} asks for no user`));
        assert.ok(!error.message.includes(secret));
        assert.ok(error instanceof UserError);
        assert.deepEqual([error.code, error.exitCode], ['kafka.authentication', 3]);
        return true;
      });
    });

    test('given a listener without TLS, when TLS is asked for, then it says so', async (t) => {
      const broker = await runningKafka(t);
      if (broker === undefined) return;
      await assert.rejects(connect(broker, { tls: true }), {
        name: 'UserError',
        code: 'kafka.tls',
        exitCode: 3,
        message: new RegExp(`^kafka at ${broker} does not speak TLS`),
      });
    });

    test('given a topic with other settings, when it is to be created, then it is an error, and the topic and its messages stay', async (t) => {
      const broker = await runningKafka(t);
      if (broker === undefined) return;
      await using owner = await connect(broker);
      await using other = await connect(broker);
      const topic = topicSpec(2);
      await owner.createTopology({ topics: [topic] }, 'leader-acked');
      try {
        const producer = await owner.openProducer(topic.name, { contract: 'leader-acked', batching });
        await producer.send({ key: 'key', payload: Buffer.from('mine') });
        await assert.rejects(
          other.createTopology({ topics: [{ ...topic, partitions: 7 }] }, 'fsynced-acked'),
          {
            name: 'UserError',
            code: 'kafka.topic-exists',
            exitCode: 3,
            message: `topic ${topic.name} already exists`,
          },
        );
        await other.deleteTopology();
        assert.equal(await owner.backlog({ topic: topic.name, name: 'a' }), 1);
      } finally {
        await owner.deleteTopology();
      }
    });

    test('given a producer, when its topic is deleted, then a send fails for certain and says why', async (t) => {
      const broker = await runningKafka(t);
      if (broker === undefined) return;
      await using driver = await connect(broker);
      const topic = topicSpec(1);
      await driver.createTopology({ topics: [topic] }, 'leader-acked');
      const producer = await driver.openProducer(topic.name, { contract: 'leader-acked', batching });
      await producer.send({ key: 'key', payload: Buffer.from('before') });
      await driver.deleteTopology();
      for (const text of ['first', 'second']) {
        await assert.rejects(producer.send({ key: 'key', payload: Buffer.from(text) }), (error: Error) => {
          assert.ok(error instanceof SendError);
          assert.equal(error.outcome, 'failed');
          assert.equal(error.message, `topic ${topic.name} does not exist`);
          return true;
        });
      }
      await producer.close();
    });
  });
}

for (const client of ['platformatic', 'kafkajs'] as const) {
  test(`given a broker that dies with what it has stored, then a send through ${client} has an unknown outcome`, async (t) => {
    const broker = await runningKafka(t);
    if (broker === undefined) return;
    await using proxy = await LossyProxy.open(Number(broker.split(':')[1]));
    const open = (address: string): Promise<Driver> =>
      kafkaDriver.connect(
        kafkaDriver.configSchema.parse({ client, brokers: [address] }),
        new AbortController().signal,
      );
    await using owner = await open(broker);
    await using driver = await open(`127.0.0.1:${proxy.port}`);
    const topic = {
      name: `mqbench.errors-${randomBytes(3).toString('hex')}.dies-${client}`,
      partitions: 1,
      subscriptions: ['a'],
    };
    await owner.createTopology({ topics: [topic] }, 'leader-acked');
    try {
      const producer = await driver.openProducer(topic.name, { contract: 'leader-acked', batching });
      await producer.send({ key: 'key', payload: Buffer.from('before') });
      proxy.dieAtNextAcknowledgement();
      await assert.rejects(producer.send({ key: 'key', payload: Buffer.from('stored') }), (error: Error) => {
        assert.ok(error instanceof SendError);
        assert.equal(error.outcome, 'unknown', error.message);
        return true;
      });
      assert.equal(await owner.backlog({ topic: topic.name, name: 'a' }), 2);
      await producer.close();
    } finally {
      await owner.deleteTopology();
    }
  });
}

/** Fetch in ApiVersions: its key 1, the lowest version 4, and the highest, which becomes that of Kafka 3.0. */
function ageFetch(answer: Buffer): void {
  const fetch = answer.indexOf(Buffer.from([0, 1, 0, 4, 0]));
  if (fetch >= 0) answer[fetch + 5] = 12;
}

test('given a broker whose Fetch is that of Kafka 3.0, then platformatic says that it is too old, and kafkajs goes on', async (t) => {
  const broker = await runningKafka(t);
  if (broker === undefined) return;
  await using proxy = await LossyProxy.open(Number(broker.split(':')[1]), ageFetch);
  const connect = (client: string): Promise<Driver> => {
    const config = kafkaDriver.configSchema.parse({ client, brokers: [`127.0.0.1:${proxy.port}`] });
    return kafkaDriver.connect(config, new AbortController().signal);
  };
  await assert.rejects(connect('platformatic'), {
    name: 'UserError',
    code: 'kafka.too-old',
    exitCode: 3,
    message: `kafka at 127.0.0.1:${proxy.port} is too old for @platformatic/kafka: it has Fetch up to version 12, 13 is needed`,
  });
  await using driver = await connect('kafkajs');
  assert.equal(driver.server.nodes, 1);
});
