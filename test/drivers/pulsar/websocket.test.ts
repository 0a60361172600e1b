import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  endpoint,
  incomingFrame,
  maxPayloadBytes,
  outgoingFrame,
  receiptIn,
} from '../../../src/drivers/pulsar/websocket/frame.ts';
import { outcomeOf } from '../../../src/drivers/pulsar/websocket/sender.ts';

describe('a frame of the WebSocket API', () => {
  test('given a message, then its bytes are base64, and what it lacks is left out', () => {
    const payload = Buffer.of(0, 255, 128);
    assert.deepEqual(JSON.parse(outgoingFrame({ key: undefined, payload }, '7')), {
      payload: 'AP+A',
      context: '7',
    });
    assert.deepEqual(JSON.parse(outgoingFrame({ key: 'kéy', payload, headers: { a: 'ä' } }, '8')), {
      payload: 'AP+A',
      context: '8',
      key: 'kéy',
      properties: { a: 'ä' },
    });
  });

  test('given what Pulsar 4.0.0 delivers, then it is read', () => {
    const text =
      '{"messageId":"CEsQABgAMAA=","payload":"aGk=","properties":{"origin":"käsé 5 %"},"publishTime":"2026-11-25T11:04:08.371Z","redeliveryCount":0,"key":"kéy"}';
    assert.deepEqual(incomingFrame(text), {
      messageId: 'CEsQABgAMAA=',
      payload: Buffer.from('hi'),
      headers: { origin: 'käsé 5 %' },
      redelivered: false,
    });
  });

  test('given no properties and a redelivery, then there are no headers and it is marked', () => {
    const { headers, redelivered } = incomingFrame(
      '{"messageId":"a","payload":"","properties":{},"redeliveryCount":1}',
    );
    assert.equal(headers, undefined);
    assert.equal(redelivered, true);
  });

  test('given receipts of Pulsar 4.0.0, then they are read', () => {
    assert.equal(receiptIn('{"result":"ok","messageId":"CEs=","context":"1","errorCode":0}').result, 'ok');
    const refused = receiptIn(
      '{"result":"send-error:7","errorMsg":"Invalid Base64 message-payload error=Illegal base64 character 2a","context":"2","errorCode":0}',
    );
    assert.equal(refused.context, '2');
    assert.equal(outcomeOf(refused.errorMsg ?? ''), 'refused');
  });

  test('given the largest payload, then its frame is within the limit with room for key and headers', () => {
    for (const maxFrameBytes of [65_536, 1_048_576]) {
      const payload = Buffer.alloc(maxPayloadBytes(String(maxFrameBytes)));
      const frame = outgoingFrame({ key: 'k'.repeat(200), payload, headers: { a: 'b'.repeat(2000) } }, '1');
      assert.ok(Buffer.byteLength(frame) <= maxFrameBytes, `${Buffer.byteLength(frame)} > ${maxFrameBytes}`);
    }
    assert.equal(maxPayloadBytes(undefined), maxPayloadBytes('1048576'));
  });
});

describe('the address of a WebSocket', () => {
  const where = { tenant: 'public', namespace: 'default', adminUrl: 'https://host:8443/' };

  test('given an admin URL, then it is beside it', () => {
    assert.equal(
      endpoint(
        { ...where, webSocketUrl: undefined },
        'consumer',
        { topic: 't.1', name: 'a b' },
        { window: 5 },
      ),
      'wss://host:8443/ws/v2/consumer/persistent/public/default/t.1/a%20b?window=5',
    );
  });

  test('given one of its own, then it is that', () => {
    assert.equal(
      endpoint({ ...where, webSocketUrl: 'ws://other:1' }, 'producer', { topic: 't' }, {}),
      'ws://other:1/ws/v2/producer/persistent/public/default/t?',
    );
  });
});

describe('what the WebSocket API says about a message', () => {
  for (const [reason, outcome] of [
    ['Message size is bigger than 5242880 bytes', 'refused'],
    ['Producer send queue is full', 'failed'],
    ['Could not send message to broker within given timeout', 'unknown'],
    ['Producer already closed', 'unknown'],
  ] as const) {
    test(`given "${reason}", then it is ${outcome}`, () => {
      assert.equal(outcomeOf(reason), outcome);
    });
  }
});
