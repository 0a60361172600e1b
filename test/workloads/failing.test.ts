import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReceivedMessage } from '../../src/drivers/index.ts';
import { emptyIdentity, fateOf, type Fate, type Identity } from '../../src/load/index.ts';
import { SequenceSet } from '../../src/measure/index.ts';
import { Failing } from '../../src/workloads/dead-letter/failing.ts';
import { REDRIVEN } from '../../src/workloads/dead-letter/redrive-mark.ts';
import { planOf } from '../run/fixtures/fake-engine.ts';

const SPEC = {
  shares: { poison: 0.1, malformed: 0.1, transient: 0.1 },
  failingAttempts: 1,
  maxAttempts: 3,
  delayMs: 1000,
  redriveAtSeconds: undefined,
};
const PLAN = planOf({ seed: 3 });

/** A message of that fate. */
function messageOf(fate: Fate): Identity {
  let sequence = 0;
  while (fateOf(0, sequence, SPEC.shares, PLAN.seed) !== fate) sequence++;
  return { ...emptyIdentity(), sequence };
}

function delivery(headers?: ReceivedMessage['headers']): ReceivedMessage {
  return { payload: Buffer.alloc(0), redelivered: false, headers };
}

function failing(): Failing {
  return new Failing('main', PLAN, SPEC);
}

describe('a handler that fails', () => {
  it('is done with a message that is fine', () => {
    const handler = failing();
    const message = messageOf('fine');
    assert.equal(handler.markOf(message, delivery()), undefined);
    assert.equal(handler.settle(message, delivery(), 0), 'done');
    assert.equal(handler.owed, 0);
  });

  it('has a transient one delivered again, and is done with it then; that was asked for', () => {
    const handler = failing();
    const message = messageOf('transient');
    assert.equal(handler.settle(message, delivery(), 0), 'retry');
    assert.equal(handler.owed, 1);
    assert.equal(handler.markOf(message, delivery()), 'asked for');
    assert.equal(handler.settle(message, delivery(), 2e9), 'done');
    assert.equal(handler.owed, 0);
    assert.equal(handler.markOf(message, delivery()), undefined);
    assert.equal(handler.account().retries, 1);
  });

  it('gives a poisoned one up after its attempts, and then owes a dead letter', () => {
    const handler = failing();
    const message = messageOf('poison');
    for (let attempt = 1; attempt <= SPEC.maxAttempts; attempt++) {
      assert.equal(handler.settle(message, delivery(), 0), 'retry');
      assert.equal(handler.owed, 1);
    }
    const { messages, retries } = handler.account();
    assert.equal(new SequenceSet(messages[0]).has(message.sequence), true);
    assert.equal(retries, 2);
  });

  it('rejects what cannot be read, at once', () => {
    const handler = failing();
    assert.equal(handler.settle(messageOf('malformed'), delivery(), 0), 'reject');
    assert.equal(handler.owed, 1);
  });

  it('is done with what was sent again from the dead letters, whatever it was', () => {
    const handler = failing();
    const message = messageOf('malformed');
    handler.settle(message, delivery(), 0);
    assert.equal(handler.markOf(message, delivery(REDRIVEN)), 'asked for');
    assert.equal(handler.settle(message, delivery(REDRIVEN), 0), 'done');
    assert.equal(handler.owed, 0);
  });
});
