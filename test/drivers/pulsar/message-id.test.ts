import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { positionOf } from '../../../src/drivers/pulsar/websocket/message-id.ts';

describe('a message id of the WebSocket API', () => {
  test('given one of Pulsar 4.0.0, then its ledger and entry are read, and it is the last of its entry', () => {
    assert.deepEqual(positionOf('CEsQABgAMAA='), { ledgerId: 75, entryId: 0, isLast: true });
  });

  test('given large numbers, then they are whole', () => {
    const id = Buffer.of(0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0x10, 0xac, 0x02).toString('base64');
    assert.deepEqual(positionOf(id), { ledgerId: 2 ** 36 - 1, entryId: 300, isLast: true });
  });

  test('given a place in a batch, then only the last one ends the entry', () => {
    const inBatch = (index: number): string =>
      Buffer.of(0x08, 1, 0x10, 2, 0x20, index, 0x30, 3).toString('base64');
    assert.deepEqual(
      [0, 1, 2].map((index) => positionOf(inBatch(index)).isLast),
      [false, false, true],
    );
  });

  test('given what is none, then it says so', () => {
    for (const text of ['', 'CA==', 'CIA=', 'CgE=']) assert.throws(() => positionOf(text), TypeError, text);
  });
});
