import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OutgoingMessage, ReceivedMessage, Settlement } from '../../src/drivers/index.ts';
import { SendError } from '../../src/drivers/index.ts';
import { Retrying, type RetryingOptions } from '../../src/drivers/retrying.ts';

const message: ReceivedMessage = {
  payload: Buffer.from('order'),
  redelivered: false,
  headers: { traceparent: '00-1' },
};

/** A handler that gives these answers, and then `done`. */
function rehearse(
  answers: readonly (Settlement | Promise<Settlement>)[],
  options: Partial<RetryingOptions> = {},
): { retrying: Retrying; marks: boolean[]; buried: OutgoingMessage[] } {
  const marks: boolean[] = [];
  const buried: OutgoingMessage[] = [];
  const retrying = new Retrying({
    handler: ({ redelivered }) => {
      marks.push(redelivered);
      return answers[marks.length - 1] ?? 'done';
    },
    policy: { maxAttempts: 3, delayMs: 1 },
    origin: { topic: 'orders', name: 'billing' },
    bury: (letter) => {
      buried.push(letter);
      return Promise.resolve();
    },
    ...options,
  });
  return { retrying, marks, buried };
}

describe('a message with retries', () => {
  it('whose handler is done at once is done at once, without a turn of the event loop', () => {
    const { retrying, marks } = rehearse([]);
    assert.equal(retrying.handle(message), 'done');
    assert.deepEqual(marks, [false]);
  });

  it('that fails is tried again after the delay, marked as redelivered', async () => {
    const { retrying, marks, buried } = rehearse(['retry', Promise.resolve('retry' as const)], {
      policy: { maxAttempts: 3, delayMs: 20 },
    });
    const startMs = performance.now();
    assert.equal(await retrying.handle(message), 'done');
    assert.ok(performance.now() - startMs >= 39);
    assert.deepEqual([marks, buried], [[false, true, true], []]);
  });

  it('whose attempts are used up is buried with its headers, the reason, the count and the origin', async () => {
    const { retrying, buried } = rehearse(['retry', 'retry', 'retry']);
    assert.equal(await retrying.handle(message), 'done');
    assert.deepEqual(buried, [
      {
        key: undefined,
        payload: message.payload,
        headers: {
          traceparent: '00-1',
          'mqbench-dead-letter-reason': 'attempts used up',
          'mqbench-dead-letter-attempts': '3',
          'mqbench-dead-letter-origin': 'orders/billing',
        },
      },
    ]);
  });

  it('that is rejected is buried at once', async () => {
    const { retrying, buried } = rehearse(['reject']);
    assert.equal(await retrying.handle(message), 'done');
    assert.equal(buried[0]?.headers?.['mqbench-dead-letter-reason'], 'rejected');
    assert.equal(buried[0]?.headers?.['mqbench-dead-letter-attempts'], '1');
  });

  it('is settled only when its dead letter is stored: tried until the broker takes it', async () => {
    const outcomes = ['unknown', 'failed', 'stored'] as const;
    const log: string[] = [];
    const { retrying } = rehearse(['reject'], {
      bury: () => {
        const outcome = outcomes[log.length] ?? 'stored';
        log.push(outcome);
        return outcome === 'stored' ? Promise.resolve() : Promise.reject(new SendError(outcome, 'away'));
      },
    });
    assert.equal(await retrying.handle(message), 'done');
    assert.deepEqual(log, [...outcomes]);
  });

  it('whose dead letter the broker refuses is an error, and not settled', async () => {
    const refusal = new SendError('refused', 'too large');
    const { retrying } = rehearse(['reject'], { bury: () => Promise.reject(refusal) });
    await assert.rejects(Promise.resolve(retrying.handle(message)), refusal);
  });

  it('that waits when the consumer stops is left for another', async () => {
    const { retrying, marks } = rehearse(['retry'], { policy: { maxAttempts: 3, delayMs: 60_000 } });
    const outcome = retrying.handle(message);
    retrying.stop();
    assert.equal(await outcome, 'left');
    assert.deepEqual(marks, [false]);
  });

  it('whose dead letter cannot be stored when the consumer stops is left for another', async () => {
    const { retrying } = rehearse(['reject'], {
      bury: () => Promise.reject(new SendError('failed', 'away')),
    });
    const outcome = retrying.handle(message);
    retrying.stop();
    assert.equal(await outcome, 'left');
  });
});
