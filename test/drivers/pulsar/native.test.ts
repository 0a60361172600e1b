import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { outcomeOf } from '../../../src/drivers/pulsar/native/outcome.ts';
import { producerConfig } from '../../../src/drivers/pulsar/native/sender.ts';

describe('what a result of the native client says about a message', () => {
  for (const [result, outcome] of [
    ['MessageTooBig', 'refused'],
    ['AuthorizationError', 'refused'],
    ['ProducerQueueIsFull', 'failed'],
    // written or not, the client says the same
    ['TimeOut', 'unknown'],
    ['AlreadyClosed', 'unknown'],
    ['NotConnected', 'unknown'],
    ['UnknownError', 'unknown'],
    ['SomethingNew', 'unknown'],
  ] as const) {
    test(`given ${result}, then it is ${outcome}`, () => {
      assert.equal(outcomeOf(`Failed to send message: ${result}`), outcome);
    });
  }

  test('given what is no result, then it is unknown', () => {
    assert.equal(outcomeOf('Unexpected'), 'unknown');
  });
});

describe('the budget of batching', () => {
  const maxMessageBytes = 5 * 1024 * 1024;
  const batchingOf = (lingerMs: number, maxBatchBytes: number, maxBatchMessages: number): unknown => {
    const batching = { lingerMs, maxBatchBytes, maxBatchMessages };
    return Object.fromEntries(
      Object.entries(producerConfig('topic', { batching, maxMessageBytes })).filter(([name]) =>
        name.startsWith('batching'),
      ),
    );
  };

  test('given a budget, then it is that of the client', () => {
    assert.deepEqual(batchingOf(5, 131_072, 1000), {
      batchingEnabled: true,
      batchingMaxPublishDelayMs: 5,
      batchingMaxMessages: 1000,
      batchingMaxAllowedSizeInBytes: 131_072,
    });
  });

  test('given no linger, then it is the least that the client does not take for its default', () => {
    assert.partialDeepStrictEqual(batchingOf(0, 131_072, 1000), { batchingMaxPublishDelayMs: 1 });
  });

  test('given batches of one, over which the client would end the process, then there are none', () => {
    assert.deepEqual(batchingOf(5, 131_072, 1), { batchingEnabled: false });
  });

  test('given batches larger than a message may be, then they stay below it', () => {
    assert.partialDeepStrictEqual(batchingOf(5, 64 * 1024 * 1024, 1000), {
      batchingMaxAllowedSizeInBytes: maxMessageBytes - 16 * 1024,
    });
  });
});
