import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryBroker } from '../../../src/brokers/index.ts';
import { memoryDriver } from '../../../src/drivers/memory/index.ts';
import type { Driver } from '../../../src/drivers/index.ts';
import { SilentServer } from '../../cli/fixtures/endpoints.ts';

const topic = { name: 'mqbench.errors', partitions: 1, subscriptions: ['a'] };
const batching = { lingerMs: 0, maxBatchBytes: 65_536, maxBatchMessages: 100 };

function connect(port: number): Promise<Driver> {
  return memoryDriver.connect(memoryDriver.configSchema.parse({ port }), new AbortController().signal);
}

test('given a topic of somebody else, when it is to be created, then it is an error, and its messages stay', async () => {
  await using broker = await MemoryBroker.start();
  await using owner = await connect(broker.port);
  await using other = await connect(broker.port);
  await owner.createTopology({ topics: [topic] }, 'leader-acked');
  const producer = await owner.openProducer(topic.name, { contract: 'leader-acked', batching });
  await producer.send({ key: 'key', payload: Buffer.from('mine') });
  await assert.rejects(other.createTopology({ topics: [topic] }, 'leader-acked'), {
    name: 'UserError',
    code: 'driver.topic-exists',
    exitCode: 3,
    message: `topic ${topic.name} already exists`,
  });
  await other.deleteTopology();
  assert.equal(await owner.backlog({ topic: topic.name, name: 'a' }), 1);
  await producer.close();
});

test('given something else at the port, which says nothing, then it is given up within 10 s', async () => {
  await using server = await SilentServer.listen();
  await using driver = await connect(server.port);
  await assert.rejects(driver.createTopology({ topics: [topic] }, 'leader-acked'), {
    name: 'UserError',
    code: 'driver.unreachable',
    exitCode: 3,
    message: `no memory broker at 127.0.0.1:${server.port}: an answer took longer than 5000 ms`,
  });
});
