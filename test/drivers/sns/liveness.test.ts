import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { FauxqsBroker } from '../../../src/brokers/index.ts';
import { sqsDriver } from '../../../src/drivers/sqs/index.ts';
import { snsDriver } from '../../../src/drivers/sns/index.ts';
import { untilLive } from '../../../src/drivers/sns/liveness.ts';
import { probe, Queues, RequestWatch, sqsClients, destinationOf } from '../../../src/drivers/aws/index.ts';
import type { Driver } from '../../../src/drivers/index.ts';

const life = new AbortController().signal;
const batching = { lingerMs: 0, maxBatchBytes: 1024 * 1024, maxBatchMessages: 10 };

describe('a subscription of SNS', () => {
  let broker: FauxqsBroker | undefined;
  before(async () => {
    broker = await FauxqsBroker.start();
  });
  after(() => broker?.[Symbol.asyncDispose]());
  const config = () => ({ endpoint: `http://127.0.0.1:${broker?.port}` });

  /** A queue, and a way to send to it that works from the given round of eight probes on. */
  async function setUp(name: string, worksFromRound: number) {
    const parsed = sqsDriver.configSchema.parse(config());
    const clients = await sqsClients(parsed, new RequestWatch('emulator'));
    const queues = new Queues(clients, parsed, destinationOf(parsed, 'SQS'), life);
    const { url } = await queues.create({ name });
    let published = 0;
    const publish = async (id: string): Promise<void> => {
      if (Math.floor(published++ / 8) < worksFromRound) return;
      const { body, attributes } = probe(id);
      await clients.once.sendMessage({ QueueUrl: url, MessageBody: body, MessageAttributes: attributes });
    };
    return {
      queue: await queues.open(name, 1),
      publish,
      rounds: () => published / 8,
      backlog: () => queues.backlog(name),
      [Symbol.dispose]: () => clients.destroy(),
    };
  }

  it('that takes a while to be live is waited for, with probes until all have come', async () => {
    using late = await setUp('late', 1);
    await untilLive('topic', late.publish, [late.queue], life);
    assert.equal(late.rounds(), 2);
    assert.equal(await late.backlog(), 0, 'every probe was deleted');
  });

  it('that does not get live within the limit is a UserError, and tells how many of them', async () => {
    using never = await setUp('never', 99);
    await assert.rejects(untilLive('orders', never.publish, [never.queue], life, 1500), {
      name: 'UserError',
      code: 'driver.subscription-not-live',
      exitCode: 3,
      message: '1 of the 1 queues subscribed to orders did not get what was published within 2 s',
    });
  });

  it('is asked whether it is live by every topology, and nothing is left in it', async () => {
    for (const fifo of [false, true]) {
      await using driver = await snsDriver.connect(snsDriver.configSchema.parse({ ...config(), fifo }), life);
      await driver.createTopology(topologyOf(['a', 'b']), 'leader-acked');
      assert.equal(driver.requests?.()['Publish'], 8);
      const backlogs = ['a', 'b'].map((name) => driver.backlog({ topic: 'mqbench.live.t1.s', name }));
      assert.deepEqual(await Promise.all(backlogs), [0, 0]);
      await driver.deleteTopology();
    }
  });

  it('shows a late probe to no handler', async () => {
    await using driver = await snsDriver.connect(snsDriver.configSchema.parse(config()), life);
    await driver.createTopology(topologyOf(['a']), 'leader-acked');
    const producer = await driver.openProducer('mqbench.live.t1.s', { contract: 'leader-acked', batching });
    await producer.send({ key: 'k', payload: Buffer.alloc(0), headers: { 'mqbench-probe': 'late' } });
    await producer.send({ key: 'k', payload: Buffer.from('order') });
    const shown = await firstShown(driver);
    assert.deepEqual(shown, ['order']);
    assert.equal(await driver.backlog({ topic: 'mqbench.live.t1.s', name: 'a' }), 0, 'it was deleted');
    await driver.deleteTopology();
  });
});

function topologyOf(subscriptions: readonly string[]) {
  return { topics: [{ name: 'mqbench.live.t1.s', partitions: 1, subscriptions }] };
}

/** What a consumer is shown until it was shown the order, and closed after it. */
async function firstShown(driver: Driver): Promise<readonly string[]> {
  const shown: string[] = [];
  let resolve = (): void => {};
  const order = new Promise<void>((done) => {
    resolve = done;
  });
  const consumer = await driver.openConsumer(
    { topic: 'mqbench.live.t1.s', name: 'a' },
    { contract: 'leader-acked', window: 10, onLost: assert.fail },
    ({ payload }) => {
      shown.push(payload.toString());
      resolve();
      return 'done';
    },
  );
  await order;
  await consumer.close();
  return shown;
}
