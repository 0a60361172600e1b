import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SendError } from '../../../src/drivers/index.ts';
import type { Producer } from '../../../src/drivers/index.ts';
import { sqsDriver } from '../../../src/drivers/sqs/index.ts';
import { failure, FakeSqs } from './fixtures/fake-sqs.ts';

const batching = { lingerMs: 0, maxBatchBytes: 1024 * 1024, maxBatchMessages: 10 };
const MD5_OF_BODY = '336d5ebc5436534e61d16e63ddfca327';

async function connect(fake: FakeSqs, fifo: 'fifo' | 'standard' = 'standard') {
  const config = sqsDriver.configSchema.parse({ endpoint: fake.endpoint, fifo: fifo === 'fifo' });
  return sqsDriver.connect(config, new AbortController().signal);
}

async function outcome(producer: Producer, key: string): Promise<string> {
  try {
    await producer.send({ key, payload: Buffer.from(key) });
    return 'acknowledged';
  } catch (error) {
    return error instanceof SendError ? error.outcome : String(error);
  }
}

describe('what SQS answers', () => {
  for (const [type, code] of [
    ['InvalidClientTokenId', 'driver.login-refused'],
    ['AccessDenied', 'driver.no-permission'],
    ['RequestThrottled', 'driver.throttled'],
  ] as const) {
    it(`${type} to the first request is a UserError`, async () => {
      await using fake = await FakeSqs.start({ ListQueues: [failure(type, 403)] });
      await assert.rejects(connect(fake), { name: 'UserError', code, exitCode: 3, message: /127\.0\.0\.1/ });
    });
  }

  it('a send on a standard queue is tried once, whatever comes, and throttling is counted', async () => {
    await using fake = await FakeSqs.start({
      SendMessageBatch: [failure('InternalError', 500), failure('RequestThrottled', 403)],
    });
    await using driver = await connect(fake);
    const producer = await driver.openProducer('t', { contract: 'leader-acked', batching });
    assert.equal(await outcome(producer, 'a'), 'unknown');
    assert.equal(await outcome(producer, 'b'), 'failed');
    assert.equal(fake.asked.filter((action) => action === 'SendMessageBatch').length, 2);
    const { SendMessageBatch, 'SendMessageBatch throttled': throttled } = driver.requests?.() ?? {};
    assert.deepEqual([SendMessageBatch, throttled], [1, 1]);
  });

  it('a send on FIFO is tried again under its id, and each attempt is counted', async () => {
    const Successful = [{ Id: '0', MessageId: 'm', MD5OfMessageBody: MD5_OF_BODY }];
    await using fake = await FakeSqs.start({
      SendMessageBatch: [failure('InternalError', 500), { status: 200, body: { Successful } }],
    });
    await using driver = await connect(fake, 'fifo');
    const producer = await driver.openProducer('t', { contract: 'leader-acked', batching });
    assert.equal(await outcome(producer, 'a'), 'acknowledged');
    assert.equal(driver.requests?.()['SendMessageBatch'], 2);
  });

  it('each message of a batch has its own outcome', async () => {
    const body = {
      Successful: [{ Id: '1', MessageId: 'm', MD5OfMessageBody: MD5_OF_BODY }],
      Failed: [
        { Id: '0', Code: 'InvalidMessageContents', SenderFault: true },
        { Id: '2', Code: 'RequestThrottled', SenderFault: true },
      ],
    };
    await using fake = await FakeSqs.start({ SendMessageBatch: [{ status: 200, body }] });
    await using driver = await connect(fake);
    const producer = await driver.openProducer('t', { contract: 'leader-acked', batching });
    const outcomes = await Promise.all(['a', 'b', 'c', 'd'].map((key) => outcome(producer, key)));
    assert.deepEqual(outcomes, ['refused', 'acknowledged', 'failed', 'unknown']);
  });

  it('a target that is AWS is not led elsewhere by the environment', async (t) => {
    await using fake = await FakeSqs.start({});
    const added = {
      AWS_ENDPOINT_URL: fake.endpoint,
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
    };
    const before = { ...process.env };
    Object.assign(process.env, added);
    t.after(() => {
      for (const name of Object.keys(added)) delete process.env[name];
      Object.assign(process.env, before);
    });
    const config = sqsDriver.configSchema.parse({ region: 'eu-west-1' });
    await assert.rejects(sqsDriver.connect(config, new AbortController().signal), {
      name: 'UserError',
      code: 'driver.diverted',
      message: /127\.0\.0\.1/,
    });
    assert.deepEqual(fake.asked, [], 'nothing was sent');
  });
});
