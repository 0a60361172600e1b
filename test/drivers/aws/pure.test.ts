import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CONTRACTS } from '../../../src/scenario/index.ts';
import { awsConfigSchema } from '../../../src/drivers/aws/config.ts';
import { promised } from '../../../src/drivers/aws/contract.ts';
import { entryError, isThrottling, sendError, usageError } from '../../../src/drivers/aws/failure.ts';
import {
  contentOf,
  countedBytes,
  fifoIdentity,
  MAX_BYTES,
  maxPayloadBytes,
} from '../../../src/drivers/aws/message.ts';
import { awsName, ownName, subscriptionName } from '../../../src/drivers/aws/names.ts';
import { placeOf } from '../../../src/drivers/aws/place.ts';

describe('where a target of AWS is', () => {
  const cases = [
    [{}, 'embedded'],
    [{ region: 'eu-west-1' }, 'aws'],
    [{ endpoint: 'http://127.0.0.1:9324' }, 'emulator'],
    [{ endpoint: 'http://127.0.0.1:9324', region: 'eu-west-1' }, 'emulator'],
    [{ endpoint: 'https://vpce-1.sqs.eu-west-1.vpce.amazonaws.com', region: 'eu-west-1' }, 'aws'],
    [{ endpoint: 'https://amazonaws.com.example.org' }, 'emulator'],
  ] as const;
  for (const [config, place] of cases) {
    it(`${JSON.stringify(config)}: ${place}`, () => assert.equal(placeOf(config), place));
  }
  it('needs the region of an endpoint of AWS', () => {
    assert.equal(
      awsConfigSchema.safeParse({ endpoint: 'https://sqs.eu-west-1.amazonaws.com' }).success,
      false,
    );
  });
  it('takes no credentials in an endpoint', () => {
    assert.equal(awsConfigSchema.safeParse({ endpoint: 'http://a:b@host:1' }).success, false);
  });
});

describe('contracts of AWS and its emulators', () => {
  const outcomes = (place: 'aws' | 'emulator', fifo: boolean): readonly string[] =>
    CONTRACTS.map((contract) => {
      try {
        return promised(contract, { place, fifo });
      } catch {
        return 'refused';
      }
    });
  const durable = 'replicated-fsynced-acked';
  it('on AWS, one mode', () => {
    assert.deepEqual(outcomes('aws', false), [...Array<string>(5).fill(durable), 'refused']);
    assert.deepEqual(outcomes('aws', true), [...Array<string>(5).fill(durable), 'effectively-once']);
  });
  it('on an emulator, its memory', () => {
    const memory = ['leader-acked', 'leader-acked', 'refused', 'refused', 'refused', 'refused'];
    assert.deepEqual(outcomes('emulator', true), memory);
  });
});

describe('names on AWS', () => {
  it('go there and back', () => {
    const topic = 'mqbench.abc-1.t1.stream';
    assert.equal(awsName(topic, 'fifo'), 'mqbench_abc-1_t1_stream.fifo');
    assert.equal(ownName(awsName(topic, 'fifo')), topic);
    assert.equal(ownName(subscriptionName({ topic, name: 'a-b' }, 'standard')), `${topic}/a-b`);
  });
  it('have at most 80 characters, and stay different', () => {
    const long = `mqbench.${'x'.repeat(72)}`;
    const names = ['a', 'b'].map((name) => subscriptionName({ topic: long, name }, 'fifo'));
    assert.ok(
      names.every((name) => /^[\w-]{1,75}\.fifo$/.test(name)),
      names.join(),
    );
    assert.notEqual(names[0], names[1]);
    assert.ok(names.every((name) => ownName(name).startsWith('mqbench.xxx')));
  });
});

describe('messages on AWS', () => {
  const payloadOf = (length: number) => ({ payload: Buffer.alloc(length) });
  it('count the bytes of a payload as they are, or as base64 on fauxqs', () => {
    assert.equal(countedBytes(payloadOf(1024), 'bytes'), 1039);
    assert.equal(countedBytes(payloadOf(1024), 'base64'), 1383);
  });
  it('are as large as allowed, and no larger', () => {
    for (const counting of ['bytes', 'base64'] as const) {
      const most = maxPayloadBytes(counting);
      assert.ok(countedBytes(payloadOf(most), counting) <= MAX_BYTES);
      assert.ok(countedBytes(payloadOf(most + 3), counting) > MAX_BYTES);
    }
  });
  it('hold no empty value', () => {
    assert.deepEqual(contentOf({ payload: Buffer.alloc(0), headers: { a: '' } }).attributes, {
      a: { DataType: 'String.empty', StringValue: '-' },
    });
  });
  it('have ids of ASCII', () => {
    assert.equal(fifoIdentity('order-1', 'id').MessageGroupId, 'order-1');
    assert.match(fifoIdentity('kéy', 'id').MessageGroupId, /^[0-9a-f]{64}$/);
    assert.equal(fifoIdentity(undefined, 'id').MessageGroupId, 'id');
  });
});

describe('failures of AWS', () => {
  const answer = (name: string, httpStatusCode?: number): Error =>
    Object.assign(new Error('told'), { name, $metadata: { httpStatusCode } });
  const network = (code: string): Error => Object.assign(new Error(code), { code });
  const cases = [
    [answer('ThrottlingException', 400), 'failed'],
    [answer('RequestThrottled', 403), 'failed'],
    [answer('QueueDoesNotExist', 400), 'failed'],
    [answer('AccessDenied', 403), 'refused'],
    [answer('InvalidClientTokenId', 403), 'refused'],
    [answer('BatchRequestTooLong', 400), 'refused'],
    [answer('InternalError', 500), 'unknown'],
    [answer('Error', 200), 'unknown'],
    [answer('TimeoutError'), 'unknown'],
    [network('ECONNREFUSED'), 'failed'],
    [network('ENOTFOUND'), 'failed'],
    [network('ECONNRESET'), 'unknown'],
  ] as const;
  for (const [error, outcome] of cases) {
    it(`${error.name} ${error.message}: ${outcome}`, () => assert.equal(sendError(error).outcome, outcome));
  }
  it('of an entry of a batch', () => {
    const outcome = (Code: string, SenderFault: boolean): string => entryError({ Code, SenderFault }).outcome;
    assert.equal(outcome('InvalidMessageContents', true), 'refused');
    assert.equal(outcome('RequestThrottled', true), 'failed');
    assert.equal(outcome('InternalError', false), 'unknown');
    assert.ok(isThrottling(answer('Throttling', 400)));
  });
  it('are told with the place and what to do', () => {
    const aws = { service: 'SQS', endpoint: undefined, region: 'eu-west-9', start: '' };
    const texts = [
      answer('InvalidClientTokenId', 403),
      answer('AccessDenied', 403),
      network('ENOTFOUND'),
    ].map((error) => usageError(error, aws));
    assert.deepEqual(
      texts.map((error) => [error?.code, error?.exitCode]),
      [
        ['driver.login-refused', 3],
        ['driver.no-permission', 3],
        ['driver.unreachable', 3],
      ],
    );
    assert.ok(texts.every((error) => error?.message.startsWith('AWS SQS in eu-west-9')));
  });
});
