import type { DeliveryAccount, DeliveryEvents } from './delivery-ledger.ts';
import { SequenceSet } from './sequence-set.ts';
import type { SendAccount, SendReason } from './send-ledger.ts';

/** What became of the messages on their way to one subscription; the first group adds up to `attempted`. */
interface SubscriptionLedger {
  readonly subscription: string;
  /** acknowledged, and arrived */
  readonly delivered: number;
  /** outcome unknown to the producer, yet arrived */
  readonly recovered: number;
  /** failed for certain, yet arrived: the producer was told a lie */
  readonly resurrected: number;
  /** acknowledged, not arrived, and the broker says that it still holds them */
  readonly backlog: number;
  /** acknowledged, not arrived, and the broker does not hold them, or cannot say */
  readonly lost: number;
  /** acknowledged, not arrived, and the broker was gone before it could be asked */
  readonly unverified: number;
  /** whether the broker says what it still holds; where it cannot, what is lost may be late */
  readonly backlogKnown: boolean;
  /** not acknowledged, and not arrived */
  readonly neverArrived: number;
  /** arrived, and nobody sent them */
  readonly phantom: number;
  /**
   * `outOfOrder` is of acknowledged messages: one whose outcome is unknown may take effect at any time, and has no
   * place in the order to lose.
   */
  readonly events: DeliveryEvents;
}

/** The account of every message of a trial. Counts of deliveries are sums over the subscriptions. */
export interface Ledger
  extends
    Omit<SubscriptionLedger, 'subscription' | 'events' | 'backlogKnown'>,
    Omit<DeliveryEvents, 'foreign'> {
  readonly attempted: number;
  readonly acknowledged: number;
  /** definitely not stored; the refused are among them */
  readonly failed: number;
  readonly refused: number;
  readonly unknown: number;
  readonly deadLettered: number;
  /** why sends were not acknowledged, the most frequent first */
  readonly reasons: readonly SendReason[];
  readonly subscriptions: readonly SubscriptionLedger[];
  readonly examples: Readonly<Record<string, readonly string[]>>;
}

/** A subscription's account and what the broker says that it still holds of it. */
export interface SettledDelivery {
  readonly account: DeliveryAccount;
  /** undefined: it cannot say; `gone`: there is nobody to be asked any more */
  readonly brokerBacklog: number | 'gone' | undefined;
}

/**
 * Compares what was sent with what arrived; exact.
 * @param maxExamples kept of each kind of event
 */
export function reconcile(
  sends: readonly SendAccount[],
  deliveries: readonly SettledDelivery[],
  maxExamples: number,
): Ledger {
  const producers = sends.map((send) => ({
    producer: send.producer,
    attempted: SequenceSet.upTo(send.attempted),
    acknowledged: new SequenceSet(send.acknowledged),
    failed: new SequenceSet(send.failed),
  }));
  const attempted = sum(producers, (producer) => producer.attempted.count);
  const acknowledged = sum(producers, (producer) => producer.acknowledged.count);
  const failed = sum(producers, (producer) => producer.failed.count);
  const examples: Record<string, string[]> = {};
  const addExample = (kind: string, text: string): void => {
    const found = (examples[kind] ??= []);
    if (found.length < maxExamples) found.push(text);
  };

  const subscriptions = deliveries.map(({ account, brokerBacklog }): SubscriptionLedger => {
    let arrivedCount = 0;
    let arrivedAttempted = 0;
    let delivered = 0;
    let resurrected = 0;
    let outOfOrder = 0;
    for (const producer of producers) {
      const arrived = new SequenceSet(account.arrived[producer.producer]);
      arrivedCount += arrived.count;
      arrivedAttempted += arrived.overlap(producer.attempted);
      delivered += arrived.overlap(producer.acknowledged);
      resurrected += arrived.overlap(producer.failed);
      outOfOrder += new SequenceSet(account.overtaken[producer.producer]).overlap(producer.acknowledged);
      for (const range of producer.acknowledged.minus(arrived)) {
        addExample('missing', `${account.subscription}: producer ${producer.producer} ${print(range)}`);
      }
    }
    for (const [kind, found] of Object.entries(account.examples)) {
      if (kind === 'outOfOrder' && outOfOrder === 0) continue;
      for (const example of found) addExample(kind, `${account.subscription}: ${example}`);
    }
    const missing = acknowledged - delivered;
    const held = brokerBacklog === 'gone' ? 0 : (brokerBacklog ?? 0);
    const backlog = Math.min(missing, held);
    const unverified = brokerBacklog === 'gone' ? missing : 0;
    const recovered = arrivedAttempted - delivered - resurrected;
    return {
      subscription: account.subscription,
      delivered,
      recovered,
      resurrected,
      backlog,
      lost: missing - backlog - unverified,
      unverified,
      backlogKnown: typeof brokerBacklog === 'number',
      neverArrived: attempted - acknowledged - recovered - resurrected,
      phantom: arrivedCount - arrivedAttempted + account.events.foreign,
      events: { ...account.events, outOfOrder },
    };
  });

  return {
    attempted,
    acknowledged,
    failed,
    refused: sum(sends, (send) => send.refused),
    unknown: attempted - acknowledged - failed,
    delivered: sum(subscriptions, (one) => one.delivered),
    recovered: sum(subscriptions, (one) => one.recovered),
    resurrected: sum(subscriptions, (one) => one.resurrected),
    backlog: sum(subscriptions, (one) => one.backlog),
    lost: sum(subscriptions, (one) => one.lost),
    unverified: sum(subscriptions, (one) => one.unverified),
    neverArrived: sum(subscriptions, (one) => one.neverArrived),
    phantom: sum(subscriptions, (one) => one.phantom),
    deadLettered: 0,
    reasons: mergeReasons(sends),
    duplicates: sum(subscriptions, (one) => one.events.duplicates),
    silentDuplicates: sum(subscriptions, (one) => one.events.silentDuplicates),
    outOfOrder: sum(subscriptions, (one) => one.events.outOfOrder),
    rewinds: sum(subscriptions, (one) => one.events.rewinds),
    keySplits: sum(subscriptions, (one) => one.events.keySplits),
    corrupt: sum(subscriptions, (one) => one.events.corrupt),
    subscriptions,
    examples,
  };
}

function mergeReasons(sends: readonly SendAccount[]): readonly SendReason[] {
  const merged = new Map<string, SendReason>();
  for (const each of sends.flatMap((send) => send.reasons)) {
    const id = `${each.outcome} ${each.reason}`;
    merged.set(id, { ...each, count: each.count + (merged.get(id)?.count ?? 0) });
  }
  return [...merged.values()].toSorted((a, b) => b.count - a.count);
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function print(range: { readonly from: number; readonly to: number }): string {
  return range.to === range.from + 1 ? `#${range.from}` : `#${range.from}-${range.to - 1}`;
}
