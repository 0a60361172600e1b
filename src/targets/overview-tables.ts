import type { Doer } from '../drivers/index.ts';
import { CONTRACTS, type Contract } from '../scenario/index.ts';
import type { TargetOverview } from './overview.ts';

/** A table as head and rows, for whoever prints it. */
export interface TextTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What each contract comes to: `exact`, what it comes to instead, on how many nodes, or `no`. */
export function contractTable(overviews: readonly TargetOverview[]): TextTable {
  return {
    head: ['target', ...CONTRACTS],
    rows: overviews.map(({ target, contracts, capabilities }) => [
      capabilities.emulated ? `${target} *` : target,
      ...CONTRACTS.map((contract) => contractCell(contract, contracts[contract])),
    ]),
  };
}

function contractCell(contract: Contract, { one, three }: TargetOverview['contracts'][Contract]): string {
  const words = (effective: Contract): string => (effective === contract ? 'exact' : `as ${effective}`);
  if ('effective' in one) return words(one.effective);
  if ('effective' in three) {
    return three.effective === contract ? '3 nodes' : `3 nodes, ${words(three.effective)}`;
  }
  return 'no';
}

/** Why a contract is refused even on three nodes, and by which targets. */
export function refusals(overviews: readonly TargetOverview[]): readonly string[] {
  return overviews.flatMap(({ target, contracts }) => {
    const reasons = new Map<string, Contract[]>();
    for (const contract of CONTRACTS) {
      const { one, three } = contracts[contract];
      if ('effective' in one || 'effective' in three) continue;
      reasons.set(three.refused, [...(reasons.get(three.refused) ?? []), contract]);
    }
    return [...reasons].map(([reason, refused]) => `${target}, ${refused.join(', ')}: ${reason}`);
  });
}

/** Everything else that a target can do. */
export function capabilityTable(overviews: readonly TargetOverview[]): TextTable {
  return {
    head: [
      'target',
      'order',
      'redelivery',
      'delay of a retry by',
      'dead letters by',
      'delayed delivery',
      'replay',
      'transactions',
      'sent twice, stored once',
      'largest message',
    ],
    rows: overviews.map(({ target, capabilities }) => {
      const { ordering, words, retryDelay, deadLetters, deduplication, maxMessageBytes } = capabilities;
      return [
        target,
        ordering === 'none' ? 'none' : `per ${ordering}`,
        words.redelivery,
        doer(retryDelay),
        doer(deadLetters),
        words.delayedDelivery,
        words.replay,
        words.transactions,
        deduplication === 'none' ? 'no' : deduplication,
        formatLimit(maxMessageBytes),
      ];
    }),
  };
}

/** A limit is told exactly: `1 MiB`, `1,048,588 B`. */
function formatLimit(bytes: number): string {
  if (bytes % 2 ** 20 === 0) return `${bytes / 2 ** 20} MiB`;
  return bytes % 2 ** 10 === 0 ? `${bytes / 2 ** 10} KiB` : `${bytes.toLocaleString('en-US')} B`;
}

function doer(who: Doer): string {
  return who === 'client' ? "the client's library" : who;
}
