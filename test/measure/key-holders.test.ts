import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { KeyHolders } from '../../src/measure/key-holders.ts';

describe('the holders of a key', () => {
  it('is one consumer, as long as no other holds an unsettled message of it', () => {
    const holders = new KeyHolders(2);
    assert.equal(holders.take(0, 1), 'alone');
    assert.equal(holders.take(0, 1), 'alone');
    assert.equal(holders.take(1, 2), 'alone', 'another key');
    holders.settle(0, 1);
    holders.settle(0, 1);
    assert.equal(holders.take(0, 2), 'alone', 'all of the first consumer is settled');
  });

  it('are several, and the first still counts when the second has taken over', () => {
    const holders = new KeyHolders(1);
    holders.take(0, 1);
    assert.equal(holders.take(0, 2), 'split');
    assert.equal(holders.take(0, 2), 'split', 'consumer 1 holds one still');
    holders.settle(0, 1);
    assert.equal(holders.take(0, 2), 'alone', 'consumer 1 holds none');
  });

  it('agree with a list of who holds what', () => {
    const steps = fc.array(fc.record({ key: fc.nat(1), consumer: fc.nat(2), settles: fc.boolean() }));
    fc.assert(
      fc.property(steps, (history) => {
        const holders = new KeyHolders(2);
        const held: { key: number; consumer: number }[] = [];
        for (const { key, consumer, settles } of history) {
          const index = held.findIndex((each) => each.key === key && each.consumer === consumer);
          if (settles && index < 0) continue;
          if (settles) {
            held.splice(index, 1);
            holders.settle(key, consumer);
          } else {
            const others = held.some((each) => each.key === key && each.consumer !== consumer);
            assert.equal(holders.take(key, consumer), others ? 'split' : 'alone');
            held.push({ key, consumer });
          }
        }
      }),
    );
  });
});
