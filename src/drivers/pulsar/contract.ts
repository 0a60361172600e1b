import type { Contract } from '../../scenario/index.ts';
import { ContractRefused } from '../errors.ts';

/** How producers and consumers must behave; does not depend on the server. */
export interface Conduct {
  /** a send resolves with the broker's receipt, or else when the client has taken the message over */
  readonly awaitsReceipt: boolean;
  readonly acknowledge: 'before handling' | 'after handling';
}

export function conduct(contract: Contract): Conduct {
  return contract === 'fire-and-forget'
    ? { awaitsReceipt: false, acknowledge: 'before handling' }
    : { awaitsReceipt: true, acknowledge: 'after handling' };
}

/** What a contract depends on. */
export interface Circumstances {
  /** bookies: it is they that hold the copies */
  readonly nodes: number;
  /** whether the client repeats the sequence id of a message that it sends again */
  readonly repeatsIds: boolean;
  /** whether a bookie calls fsync before it acknowledges; undefined where nobody tells */
  readonly flushes: boolean | undefined;
}

export interface Realisation {
  readonly effective: Contract;
  readonly relation: 'exact' | 'exceeds';
  readonly copies: Copies;
  /** the broker drops what a producer sends again */
  readonly deduplication: boolean;
}

/** BookKeeper's quorums, by the names of its ledgers. */
export interface Copies {
  readonly ensembleSize: number;
  readonly writeQuorumSize: number;
  readonly ackQuorumSize: number;
}

const one: Copies = { ensembleSize: 1, writeQuorumSize: 1, ackQuorumSize: 1 };
const majorityOfThree: Copies = { ensembleSize: 3, writeQuorumSize: 3, ackQuorumSize: 2 };

/**
 * A broker stores nothing itself: it acknowledges when `ackQuorumSize` bookies have. A bookie does so when the
 * entry is in its journal, and flushed where `journalSyncData` (BookKeeper's default; Pulsar's own
 * standalone.conf turns it off). Seen with strace on 4.0.0: an `fdatasync(….txn)` between every publish and its
 * receipt. That is a setting of the bookie alone, so that the weaker contracts cannot be had beside it.
 *
 * `fire-and-forget` does not use `non-persistent://` topics, from which the broker drops whatever a consumer has
 * no room for: that would measure the consumer's window, and no stored message could be told from a lost one.
 *
 * @throws {ContractRefused} where nothing of at least that strength can be had
 */
export function realise(contract: Contract, { nodes, flushes, repeatsIds }: Circumstances): Realisation {
  const exceedsWhenFlushed = (
    weak: Contract,
    strong: Contract,
  ): Pick<Realisation, 'effective' | 'relation'> =>
    flushes === true ? { effective: strong, relation: 'exceeds' } : { effective: weak, relation: 'exact' };
  switch (contract) {
    case 'fire-and-forget':
      return { effective: contract, relation: 'exact', copies: one, deduplication: false };
    case 'leader-acked':
      return { ...exceedsWhenFlushed(contract, 'fsynced-acked'), copies: one, deduplication: false };
    case 'fsynced-acked':
      refuseUnflushed(contract, flushes);
      return { effective: contract, relation: 'exact', copies: one, deduplication: false };
    case 'replicated-acked':
      refuseTooFew(contract, nodes);
      return {
        ...exceedsWhenFlushed(contract, 'replicated-fsynced-acked'),
        copies: majorityOfThree,
        deduplication: false,
      };
    case 'replicated-fsynced-acked':
      refuseTooFew(contract, nodes);
      refuseUnflushed(contract, flushes);
      return { effective: contract, relation: 'exact', copies: majorityOfThree, deduplication: false };
    case 'effectively-once':
      refuseTooFew(contract, nodes);
      if (!repeatsIds) {
        throw new ContractRefused(
          contract,
          'a message that is sent again on another WebSocket is another one to the broker',
          'use client: native',
        );
      }
      return { effective: contract, relation: 'exact', copies: majorityOfThree, deduplication: true };
  }
}

function refuseUnflushed(contract: Contract, flushes: boolean | undefined): void {
  if (flushes !== false) return;
  throw new ContractRefused(
    contract,
    'the bookie acknowledges before it calls fsync',
    'set journalSyncData=true and journalWriteData=true for the bookie',
  );
}

function refuseTooFew(contract: Contract, nodes: number): void {
  if (nodes >= 3) return;
  throw new ContractRefused(
    contract,
    `a majority that survives the loss of a node takes 3 bookies, and this cluster has ${nodes}`,
    'fsynced-acked is the strongest contract of one node',
  );
}

/** Whether the ledgers keep what was asked for; the reason where they do not. */
export function brokenPromise(wanted: Copies, found: Copies): string | undefined {
  for (const name of ['writeQuorumSize', 'ackQuorumSize'] as const) {
    if (found[name] < wanted[name]) return `${name} is ${found[name]}, not ${wanted[name]}`;
  }
  return undefined;
}

/** From a ledger's metadata as BookKeeper prints it; undefined where it does not say. */
export function copiesIn(metadata: string | undefined): Copies | undefined {
  const numberOf = (name: string): number =>
    Number(new RegExp(`\\b${name}=(\\d+)`).exec(metadata ?? '')?.[1] ?? Number.NaN);
  const copies = {
    ensembleSize: numberOf('ensembleSize'),
    writeQuorumSize: numberOf('writeQuorumSize'),
    ackQuorumSize: numberOf('ackQuorumSize'),
  };
  return Object.values(copies).some(Number.isNaN) ? undefined : copies;
}

/** By what a bookie's API tells, which is what its configuration file states; both are on unless it says `false`. */
export function flushesBy(
  bookieSettings: Readonly<Record<string, string | null>> | undefined,
): boolean | undefined {
  if (bookieSettings === undefined) return undefined;
  return ['journalSyncData', 'journalWriteData'].every((name) => bookieSettings[name] !== 'false');
}
