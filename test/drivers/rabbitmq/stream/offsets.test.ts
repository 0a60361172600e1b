import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ConsumeMessage } from 'amqplib';
import { parseOffset } from '../../../../src/drivers/rabbitmq/stream/offsets.ts';
import { offsetOf } from '../../../../src/drivers/rabbitmq/stream/tail.ts';

describe('a stored offset', () => {
  for (const [text, offset] of [
    ['0', 0],
    ['1', 1],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ] as const) {
    test(`given ${text}, then it is read`, () => assert.equal(parseOffset(text), offset));
  }

  for (const text of ['', '-1', '1.5', '1e3', ' 1', '0x10', 'the beginning', '9007199254740992']) {
    test(`given "${text}", then it is no offset`, () => {
      assert.throws(() => parseOffset(text), {
        name: 'TypeError',
        message: `no offset of a stream: ${text}`,
      });
    });
  }
});

describe('the offset of a delivery', () => {
  const message = (headers: Record<string, unknown> | undefined): ConsumeMessage =>
    ({ properties: { headers } }) as ConsumeMessage;

  test('given a delivery of a stream, then its header says it', () => {
    assert.equal(offsetOf(message({ 'x-stream-offset': 42, traceparent: '00' })), 42);
  });

  for (const headers of [undefined, {}, { 'x-stream-offset': '42' }]) {
    test(`given the headers ${JSON.stringify(headers)}, then it is none of a stream`, () => {
      assert.throws(() => offsetOf(message(headers)), TypeError);
    });
  }
});
