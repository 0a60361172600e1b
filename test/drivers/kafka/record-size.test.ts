import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchHeaderBytes, loneBatchBytes, maxRecordBytes } from '../../../src/drivers/kafka/record-size.ts';

const payload = Buffer.alloc(100);

/** Sizes counted by hand along https://kafka.apache.org/documentation/#record */
const cases = [
  // length 2, attributes and deltas 3, no key 1, length of the payload 2, payload 100, count of headers 1
  [{ key: undefined, payload }, 61 + 109],
  [{ key: 'key', payload }, 61 + 112],
  [{ key: 'key', payload, headers: {} }, 61 + 112],
  // two bytes more for the lengths
  [{ key: 'key', payload, headers: { a: 'bc' } }, 61 + 117],
  [{ key: 'key', payload, headers: { a: 'ä', b: '' } }, 61 + 120],
  [{ key: 'key', payload, headers: { a: 'x'.repeat(64) } }, 61 + 180],
] as const;

for (const [message, bytes] of cases) {
  test(`given key ${message.key} and headers ${JSON.stringify('headers' in message ? message.headers : undefined)}, then it is ${bytes} bytes alone, and the quick bound holds`, () => {
    assert.equal(loneBatchBytes(message), bytes);
    assert.ok(batchHeaderBytes + maxRecordBytes(message) >= bytes);
  });
}
