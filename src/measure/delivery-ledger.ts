import type { Identity } from '../load/index.ts';
import { KeyHolders } from './key-holders.ts';
import { SequenceSet, type SequencePages } from './sequence-set.ts';

/** A subscription's account as plain data, for another thread or host. */
export interface DeliveryAccount {
  readonly subscription: string;
  /** by producer: the sequences that arrived at least once, and did not die with the consumer that held them */
  readonly arrived: readonly SequencePages[];
  /** by producer: those of them whose first delivery came after a later message of their key */
  readonly overtaken: readonly SequencePages[];
  readonly events: DeliveryEvents;
  readonly examples: Readonly<Record<string, readonly string[]>>;
}

export interface DeliveryEvents {
  /** deliveries of a message that had arrived before, and that nobody had asked to be delivered again */
  duplicates: number;
  /** those of the duplicates that the broker did not mark as redelivered */
  silentDuplicates: number;
  /** first deliveries with a key sequence below one of that key that arrived earlier */
  outOfOrder: number;
  /** duplicates that go back in their key's order, as after a rebalance */
  rewinds: number;
  /** deliveries of a key while another consumer held an unsettled message of it */
  keySplits: number;
  /** of another run, or of a producer that does not exist */
  foreign: number;
  /** payloads that came back changed */
  corrupt: number;
}

/**
 * How a delivery is marked. `redelivered`: by the broker; `asked for`: the handler had it delivered again, or it was
 * sent again on purpose.
 */
export type Mark = 'redelivered' | 'unmarked' | 'asked for';

/** What another ledger needs to go on where this one ended: in the process that follows one that crashed. */
export interface DeliverySnapshot {
  readonly account: DeliveryAccount;
  /** by key: the highest key sequence that arrived, plus one; 0 for none */
  readonly highest: Uint32Array;
  /** those that had arrived and were not handled yet: until another copy of them is, they count as not arrived */
  readonly unhandled: readonly MessageName[];
}

/** What tells a message from all others of its run. */
export type MessageName = Readonly<Pick<Identity, 'producer' | 'sequence'>>;

/** How many producers and keys the run has, and how many examples of each kind of event are kept. */
export interface LedgerSize {
  readonly producers: number;
  readonly keys: number;
  readonly maxExamples: number;
}

/**
 * What arrived at one subscription: every message by its identity, exactly, in bounded memory. Order is
 * judged per key over first deliveries; each key has one writer, so there is one truth.
 */
export class DeliveryLedger {
  readonly #subscription: string;
  readonly #run: number;
  readonly #arrived: SequenceSet[];
  /** by key: the highest key sequence that arrived, plus one; 0 for none */
  readonly #highest: Uint32Array;
  readonly #holders: KeyHolders;
  readonly #overtaken: readonly SequenceSet[];
  /** by producer: what those who crashed had in their hands, and nobody has handled since */
  readonly #unhandled: Set<number>[];
  readonly #maxExamples: number;
  readonly #examples = new Map<string, string[]>();
  readonly #events: DeliveryEvents = {
    duplicates: 0,
    silentDuplicates: 0,
    outOfOrder: 0,
    rewinds: 0,
    keySplits: 0,
    foreign: 0,
    corrupt: 0,
  };
  #unique = 0;

  /** @param before what it goes on from; who held messages then holds none any more */
  constructor(subscription: string, run: number, size: LedgerSize, before?: DeliverySnapshot) {
    this.#subscription = subscription;
    this.#run = run;
    this.#maxExamples = size.maxExamples;
    const { arrived = [], overtaken = [], events, examples = {} } = before?.account ?? {};
    this.#overtaken = Array.from({ length: size.producers }, (_, index) => new SequenceSet(overtaken[index]));
    this.#arrived = Array.from({ length: size.producers }, (_, index) => new SequenceSet(arrived[index]));
    this.#unhandled = this.#arrived.map(() => new Set());
    for (const { producer, sequence } of before?.unhandled ?? []) {
      this.#arrived[producer]?.add(sequence);
      this.#unhandled[producer]?.add(sequence);
    }
    this.#unique = this.#arrived.reduce((sum, { count }) => sum + count, 0);
    this.#highest = before?.highest ?? new Uint32Array(size.keys);
    this.#holders = new KeyHolders(size.keys);
    Object.assign(this.#events, events);
    for (const [kind, found] of Object.entries(examples)) this.#examples.set(kind, [...found]);
  }

  /** messages that arrived at least once, without those that died with the consumer that held them */
  get unique(): number {
    return this.#unhandled.reduce((count, each) => count - each.size, this.#unique);
  }

  /**
   * Accounts for a delivery of an intact message. Call `settled` when its handler is done, unless it was
   * foreign.
   * @param consumer index of the consumer within the subscription
   */
  delivered(identity: Identity, consumer: number, mark: Mark): 'first' | 'again' | 'foreign' {
    const arrived = this.#arrived[identity.producer];
    if (identity.run !== this.#run || arrived === undefined) {
      this.#events.foreign++;
      this.#example('foreign', identity);
      return 'foreign';
    }
    if (this.#holders.take(identity.key, consumer) === 'split') {
      this.#events.keySplits++;
      this.#example('keySplit', identity);
    }
    const highest = this.#highest[identity.key] ?? 0;
    if (!arrived.add(identity.sequence)) {
      if (mark !== 'asked for') this.#countDuplicate(identity, highest, mark);
      return 'again';
    }
    this.#unique++;
    if (identity.keySequence < highest) {
      this.#events.outOfOrder++;
      this.#overtaken[identity.producer]?.add(identity.sequence);
      this.#example('outOfOrder', identity);
    } else this.#highest[identity.key] = identity.keySequence + 1;
    return 'first';
  }

  /** Its handler has come to an end: it is none of those any more that died with who held them. */
  handled({ producer, sequence }: MessageName): void {
    this.#unhandled[producer]?.delete(sequence);
  }

  settled(key: number, consumer: number): void {
    this.#holders.settle(key, consumer);
  }

  corrupt(): void {
    this.#events.corrupt++;
  }

  account(): DeliveryAccount {
    return {
      subscription: this.#subscription,
      arrived: this.#arrived.map((set, producer) =>
        without(set, this.#unhandled[producer] ?? new Set()).toPages(),
      ),
      overtaken: this.#overtaken.map((set) => set.toPages()),
      events: { ...this.#events },
      examples: Object.fromEntries(this.#examples),
    };
  }

  /** @param inHand delivered, and not handled by the consumers that crash now */
  snapshot(inHand: readonly MessageName[]): DeliverySnapshot {
    for (const { producer, sequence } of inHand) this.#unhandled[producer]?.add(sequence);
    const unhandled = this.#unhandled.flatMap((sequences, producer) =>
      [...sequences].map((sequence) => ({ producer, sequence })),
    );
    return { account: this.account(), highest: this.#highest, unhandled };
  }

  #countDuplicate(identity: Identity, highest: number, mark: 'redelivered' | 'unmarked'): void {
    this.#events.duplicates++;
    if (mark === 'unmarked') {
      this.#events.silentDuplicates++;
      this.#example('silentDuplicate', identity);
    } else this.#example('duplicate', identity);
    if (identity.keySequence + 1 < highest) this.#events.rewinds++;
  }

  #example(kind: string, identity: Identity): void {
    let examples = this.#examples.get(kind);
    if (examples === undefined) this.#examples.set(kind, (examples = []));
    if (examples.length >= this.#maxExamples) return;
    examples.push(
      `producer ${identity.producer} #${identity.sequence} key ${identity.key}/${identity.keySequence}`,
    );
  }
}

/** The set itself where nothing is to be left out. */
function without(set: SequenceSet, left: ReadonlySet<number>): SequenceSet {
  if (left.size === 0) return set;
  const out = new SequenceSet();
  for (const sequence of left) out.add(sequence);
  const rest = new SequenceSet();
  for (const { from, to } of set.minus(out)) {
    for (let sequence = from; sequence < to; sequence++) rest.add(sequence);
  }
  return rest;
}
