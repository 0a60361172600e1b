import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DeliveryLedger, SequenceSet } from '../../src/measure/index.ts';
import { histories, identityOf, KEYS, PRODUCERS, RUN } from './fixtures/history.ts';

function ledger(): DeliveryLedger {
  return new DeliveryLedger('main', RUN, { producers: 1, keys: 2, maxExamples: 10 });
}

/** The n-th message of key 0. */
function message(n: number): ReturnType<typeof identityOf> {
  return identityOf({ sequence: n, keySequence: n });
}

/** Sequences of producer 0. */
function arrivedAt(deliveries: DeliveryLedger): readonly number[] {
  const arrived = new SequenceSet(deliveries.account().arrived[0]);
  return [0, 1, 2, 3].filter((sequence) => arrived.has(sequence));
}

describe('a DeliveryLedger', () => {
  it('goes on where that of a process that crashed ended, wherever that was', () => {
    fc.assert(
      fc.property(histories, fc.nat(), (history, cut) => {
        const size = { producers: PRODUCERS, keys: KEYS, maxExamples: 9 };
        const whole = new DeliveryLedger('main', RUN, size);
        let part = new DeliveryLedger('main', RUN, size);
        const at = history.arrivals.length === 0 ? 0 : cut % history.arrivals.length;
        for (const [index, { message, mark }] of history.arrivals.entries()) {
          // as it crosses to another process; nobody holds a key any more then
          if (index === at) part = new DeliveryLedger('main', RUN, size, structuredClone(part.snapshot([])));
          const { identity } = history.messages[message] ?? assert.fail('no message');
          for (const each of [whole, part]) {
            each.delivered(identity, 0, mark);
            each.settled(identity.key, 0);
          }
        }
        assert.equal(part.unique, whole.unique);
        assert.deepEqual(part.account(), whole.account());
      }),
    );
  });

  it('given what a consumer had in its hands when it crashed: has it only once another copy is handled', () => {
    const size = { producers: 1, keys: 2, maxExamples: 10 };
    const before = ledger();
    for (const n of [0, 1, 2]) before.delivered(message(n), 0, 'unmarked');
    before.handled(message(0));
    const after = new DeliveryLedger(
      'main',
      RUN,
      size,
      structuredClone(before.snapshot([message(1), message(2)])),
    );
    assert.deepEqual([after.unique, arrivedAt(after)], [1, [0]]);
    assert.equal(after.delivered(message(1), 0, 'redelivered'), 'again');
    assert.deepEqual(arrivedAt(after), [0]);
    after.handled(message(1));
    assert.deepEqual([after.unique, arrivedAt(after)], [2, [0, 1]]);
    const { duplicates, silentDuplicates } = after.account().events;
    assert.deepEqual([duplicates, silentDuplicates], [1, 0]);
  });

  it('given a second crash: has neither what died in the first, nor what died in the second', () => {
    const size = { producers: 1, keys: 2, maxExamples: 10 };
    const first = ledger();
    for (const n of [0, 1, 2]) first.delivered(message(n), 0, 'unmarked');
    const second = new DeliveryLedger('main', RUN, size, structuredClone(first.snapshot([message(1)])));
    second.delivered(message(3), 0, 'unmarked');
    const third = new DeliveryLedger('main', RUN, size, structuredClone(second.snapshot([message(3)])));
    assert.deepEqual([third.unique, arrivedAt(third)], [2, [0, 2]]);
  });

  it('does not count as a duplicate what was asked for', () => {
    const deliveries = ledger();
    deliveries.delivered(message(0), 0, 'unmarked');
    assert.equal(deliveries.delivered(message(0), 0, 'asked for'), 'again');
    assert.equal(deliveries.account().events.duplicates, 0);
  });

  it('given a key handed to another consumer before it was settled: counts a key split', () => {
    const deliveries = ledger();
    deliveries.delivered(message(0), 0, 'unmarked');
    deliveries.delivered(message(1), 1, 'unmarked');
    assert.equal(deliveries.account().events.keySplits, 1);
    assert.deepEqual(deliveries.account().examples['keySplit'], ['producer 0 #1 key 0/1']);
  });

  it('given a key handed over after it was settled, or two keys at once: counts no key split', () => {
    const deliveries = ledger();
    deliveries.delivered(message(0), 0, 'unmarked');
    deliveries.settled(0, 0);
    deliveries.delivered(message(1), 1, 'unmarked');
    deliveries.delivered(identityOf({ key: 1, sequence: 2 }), 0, 'unmarked');
    assert.equal(deliveries.account().events.keySplits, 0);
  });

  it('given a consumer with several unsettled messages of a key: counts no key split', () => {
    const deliveries = ledger();
    for (let n = 0; n < 3; n++) deliveries.delivered(message(n), 0, 'unmarked');
    deliveries.settled(0, 0);
    deliveries.delivered(message(3), 0, 'unmarked');
    assert.equal(deliveries.account().events.keySplits, 0);
  });

  it('given a hole in a key: says nothing until the missing one comes, late', () => {
    const deliveries = ledger();
    for (const n of [0, 2, 3]) deliveries.delivered(message(n), 0, 'unmarked');
    assert.equal(deliveries.account().events.outOfOrder, 0);
    deliveries.delivered(message(1), 0, 'unmarked');
    assert.equal(deliveries.account().events.outOfOrder, 1);
    assert.deepEqual(deliveries.account().examples['outOfOrder'], ['producer 0 #1 key 0/1']);
  });

  it('given the latest message of a key again: a duplicate, but nothing went back', () => {
    const deliveries = ledger();
    for (const n of [0, 1, 1]) deliveries.delivered(message(n), 0, 'redelivered');
    const { duplicates, silentDuplicates, rewinds } = deliveries.account().events;
    assert.deepEqual(
      { duplicates, silentDuplicates, rewinds },
      { duplicates: 1, silentDuplicates: 0, rewinds: 0 },
    );
  });

  it('given payloads that came back changed: counts them, and they have not arrived', () => {
    const deliveries = ledger();
    deliveries.corrupt();
    assert.equal(deliveries.unique, 0);
    assert.equal(deliveries.account().events.corrupt, 1);
  });

  it('counts what arrived at least once', () => {
    const deliveries = ledger();
    for (const n of [0, 1, 0, 1, 2]) deliveries.delivered(message(n), 0, 'redelivered');
    assert.equal(deliveries.unique, 3);
  });
});
