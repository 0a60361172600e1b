import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  LatencyHistogram,
  reconcileDeadLetters,
  SendLedger,
  SequenceSet,
  type DeadLetterAccount,
  type GivenUpAccount,
  type SendAccount,
} from '../../src/measure/index.ts';

const NO_LATENCY = new LatencyHistogram().encode();

function setOf(...sequences: readonly number[]) {
  const set = new SequenceSet();
  for (const sequence of sequences) set.add(sequence);
  return set.toPages();
}

/** Ten messages, of which the last was not acknowledged. */
function sends(): SendAccount {
  const ledger = new SendLedger(0);
  for (let sequence = 0; sequence < 10; sequence++) {
    const attempted = ledger.attempt();
    if (sequence < 9) ledger.acknowledged(attempted);
  }
  return ledger.account();
}

function givenUp(changes: Partial<GivenUpAccount>): GivenUpAccount {
  return {
    kind: 'given up',
    subscription: 'main',
    messages: [setOf(1, 4, 7)],
    retries: 6,
    redriven: [setOf()],
    timeToSuccess: NO_LATENCY,
    ...changes,
  };
}

function letters(changes: Partial<DeadLetterAccount>): DeadLetterAccount {
  return {
    kind: 'dead letters',
    subscription: 'main',
    messages: [setOf(1, 4, 7)],
    again: 0,
    redriven: [setOf()],
    timeToDeadLetter: NO_LATENCY,
    ...changes,
  };
}

function counts(
  handlers: Partial<GivenUpAccount>,
  found: Partial<DeadLetterAccount>,
  held: ReadonlyMap<string, number | undefined> = new Map(),
) {
  const {
    timeToSuccess: _,
    timeToDeadLetter: __,
    ...rest
  } = reconcileDeadLetters([sends()], [givenUp(handlers)], [letters(found)], held);
  return rest;
}

const ALL_WELL = {
  retries: 6,
  givenUp: 3,
  found: 3,
  missing: 0,
  unexpected: 0,
  foundAgain: 0,
  redriven: 0,
  redrivenMissing: 0,
};

describe('the account of messages that failed', () => {
  it('has each that was given up in the dead letters', () => {
    assert.deepEqual(counts({}, {}), ALL_WELL);
  });

  it('misses one that is in none, unless the broker holds it still', () => {
    const found = { messages: [setOf(1, 7)] };
    assert.deepEqual(counts({}, found), { ...ALL_WELL, found: 2, missing: 1 });
    assert.deepEqual(counts({}, found, new Map([['main', 1]])), { ...ALL_WELL, found: 2 });
  });

  it('does not miss one whose sending nobody acknowledged', () => {
    assert.deepEqual(counts({ messages: [setOf(1, 4, 7, 9)] }, {}), ALL_WELL);
  });

  it('tells one that nobody gave up, and one that was found twice', () => {
    assert.deepEqual(counts({}, { messages: [setOf(1, 2, 4, 7)], again: 1 }), {
      ...ALL_WELL,
      unexpected: 1,
      foundAgain: 1,
    });
  });

  it('tells which of those that were sent again did not arrive', () => {
    const redriven = { redriven: [setOf(1, 4, 7)] };
    assert.deepEqual(counts(redriven, redriven), { ...ALL_WELL, redriven: 3 });
    assert.deepEqual(counts({ redriven: [setOf(1, 7)] }, redriven), {
      ...ALL_WELL,
      redriven: 3,
      redrivenMissing: 1,
    });
  });
});
