import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  brokenPromise,
  conduct,
  copiesIn,
  flushesBy,
  realise,
  type Circumstances,
} from '../../../src/drivers/pulsar/contract.ts';
import { CONTRACTS, type Contract } from '../../../src/scenario/index.ts';

/** `exact`, `exceeds …`, or the reason of the refusal */
function outcome(contract: Contract, circumstances: Circumstances): string {
  try {
    const { relation, effective } = realise(contract, circumstances);
    return relation === 'exact' ? 'exact' : `exceeds with ${effective}`;
  } catch (error) {
    assert.ok(error instanceof Error && error.name === 'ContractRefused', String(error));
    return error.message.replace(/^contract \S+ /, '');
  }
}

function outcomes(circumstances: Circumstances): readonly string[] {
  return CONTRACTS.map((contract) => outcome(contract, circumstances));
}

const tooFew = 'refused: a majority that survives the loss of a node takes 3 bookies, and this cluster has 1';
const unflushed = 'refused: the bookie acknowledges before it calls fsync';

describe('what Pulsar makes of a contract', () => {
  test('given one bookie that flushes, then a flushed copy is the least that is acknowledged', () => {
    assert.deepEqual(outcomes({ nodes: 1, flushes: true, repeatsIds: true }), [
      'exact',
      'exceeds with fsynced-acked',
      tooFew,
      'exact',
      tooFew,
      tooFew,
    ]);
  });

  test('given one bookie that does not flush, then no flushed copy is promised', () => {
    assert.deepEqual(outcomes({ nodes: 1, flushes: false, repeatsIds: true }), [
      'exact',
      'exact',
      tooFew,
      unflushed,
      tooFew,
      tooFew,
    ]);
  });

  test('given a bookie that cannot be asked, then no more is claimed than was asked for', () => {
    assert.deepEqual(outcomes({ nodes: 3, flushes: undefined, repeatsIds: true }), [
      'exact',
      'exact',
      'exact',
      'exact',
      'exact',
      'exact',
    ]);
  });

  test('given three bookies that flush, then a majority of them does', () => {
    assert.deepEqual(outcomes({ nodes: 3, flushes: true, repeatsIds: true }), [
      'exact',
      'exceeds with fsynced-acked',
      'exceeds with replicated-fsynced-acked',
      'exact',
      'exact',
      'exact',
    ]);
    const { copies } = realise('replicated-fsynced-acked', { nodes: 3, flushes: true, repeatsIds: true });
    assert.deepEqual(copies, { ensembleSize: 3, writeQuorumSize: 3, ackQuorumSize: 2 });
  });

  test('given effectively-once, then the broker deduplicates, and a client that repeats no ids is refused', () => {
    const circumstances = { nodes: 3, flushes: true, repeatsIds: true };
    for (const contract of CONTRACTS) {
      const { deduplication } = realise(contract, circumstances);
      assert.equal(deduplication, contract === 'effectively-once');
    }
    assert.match(
      outcome('effectively-once', { ...circumstances, repeatsIds: false }),
      /^refused: .*WebSocket/,
    );
  });

  test('given any contract but fire-and-forget, then receipts are awaited and handlers come first', () => {
    for (const contract of CONTRACTS) {
      assert.deepEqual(
        conduct(contract),
        contract === 'fire-and-forget'
          ? { awaitsReceipt: false, acknowledge: 'before handling' }
          : { awaitsReceipt: true, acknowledge: 'after handling' },
      );
    }
  });
});

describe('what is read back', () => {
  // as the admin API of Pulsar 4.0.0 gave it
  const metadata =
    'LedgerMetadata{formatVersion=3, ensembleSize=1, writeQuorumSize=1, ackQuorumSize=1, state=OPEN, digestType=CRC32C, password=OMITTED, ensembles={0=[127.0.0.1:8181]}}';

  test('given the metadata of a ledger, then its quorums are in it', () => {
    assert.deepEqual(copiesIn(metadata), { ensembleSize: 1, writeQuorumSize: 1, ackQuorumSize: 1 });
    assert.equal(copiesIn('LedgerMetadata{formatVersion=3}'), undefined);
    assert.equal(copiesIn(undefined), undefined);
  });

  test('given fewer copies than were asked for, then the promise is broken', () => {
    const one = { ensembleSize: 1, writeQuorumSize: 1, ackQuorumSize: 1 };
    const three = { ensembleSize: 3, writeQuorumSize: 3, ackQuorumSize: 2 };
    assert.equal(brokenPromise(one, one), undefined);
    assert.equal(brokenPromise(one, three), undefined);
    assert.equal(brokenPromise(three, one), 'writeQuorumSize is 1, not 3');
    assert.equal(brokenPromise(three, { ...three, ackQuorumSize: 1 }), 'ackQuorumSize is 1, not 2');
  });

  test("given a bookie's settings, then it flushes unless one of them says otherwise", () => {
    for (const [settings, flushes] of [
      [undefined, undefined],
      [{}, true],
      [{ journalSyncData: 'true', journalWriteData: 'true' }, true],
      [{ journalSyncData: 'false' }, false],
      [{ journalSyncData: 'true', journalWriteData: 'false' }, false],
    ] as const) {
      assert.equal(flushesBy(settings), flushes, JSON.stringify(settings));
    }
  });
});
