import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { requestsSince, sumOfRequests } from '../../src/measure/index.ts';

describe('requestsSince', () => {
  it('leaves out what was counted before, and actions that were not called since', () => {
    const before = { GetQueueUrl: 1, ReceiveMessage: 2 };
    const now = { GetQueueUrl: 1, ReceiveMessage: 7, SendMessageBatch: 3 };
    assert.deepEqual(requestsSince(before, now), { ReceiveMessage: 5, SendMessageBatch: 3 });
  });

  it('given nothing counted before: is all of it', () => {
    assert.deepEqual(requestsSince(undefined, { ReceiveMessage: 2 }), { ReceiveMessage: 2 });
  });

  it('given a driver that does not count: is undefined, which is not none', () => {
    assert.equal(requestsSince(undefined, undefined), undefined);
    assert.deepEqual(requestsSince({ ReceiveMessage: 2 }, { ReceiveMessage: 2 }), {});
  });
});

describe('sumOfRequests', () => {
  it('adds up by action', () => {
    const agents = [{ b: 1, a: 2 }, undefined, { a: 3, c: 4 }];
    assert.deepEqual(Object.entries(sumOfRequests(agents) ?? {}), [
      ['a', 5],
      ['b', 1],
      ['c', 4],
    ]);
  });

  it('given no agent that counts: is undefined', () => {
    assert.equal(sumOfRequests([undefined, undefined]), undefined);
    assert.equal(sumOfRequests([]), undefined);
  });
});
