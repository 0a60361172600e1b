import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  deliverFrame,
  FRAME,
  FrameReader,
  publishFrame,
  splitHeaders,
} from '../../../src/drivers/memory/wire.ts';

const payload = Buffer.from('payload');
const headers = Buffer.from('{"a":"ä"}');

/** The only frame of the bytes. */
function read(bytes: Buffer): { readonly type: number; readonly body: Buffer } {
  const frames: { readonly type: number; readonly body: Buffer }[] = [];
  new FrameReader((type, body) => frames.push({ type, body })).push(bytes);
  assert.equal(frames.length, 1);
  return frames[0] ?? assert.fail();
}

test('given a message without headers, then its frames are those without a place for them', () => {
  assert.equal(read(publishFrame(1, 2, 'key', payload)).type, FRAME.publish);
  const { type, body } = read(deliverFrame(1, 2, 0, payload));
  assert.equal(type, FRAME.deliver);
  assert.equal(body.length, 9 + payload.length);
});

test('given a message with headers, then publish and deliver carry both', () => {
  const published = read(publishFrame(1, 2, 'kéy', payload, headers));
  assert.equal(published.type, FRAME.publishWithHeaders);
  assert.deepEqual(splitHeaders(published.body, 7 + Buffer.byteLength('kéy')), { headers, payload });
  const delivered = read(deliverFrame(1, 2, 1, payload, headers));
  assert.equal(delivered.type, FRAME.deliverWithHeaders);
  assert.deepEqual(splitHeaders(delivered.body, 9), { headers, payload });
});
