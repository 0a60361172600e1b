import { LatencyHistogram, type EncodedLatency } from './latency.ts';
import { SequenceSet, type SequencePages } from './sequence-set.ts';
import type { SendAccount } from './send-ledger.ts';

/** What the handlers of a subscription gave up, as plain data. */
export interface GivenUpAccount {
  readonly kind: 'given up';
  readonly subscription: string;
  /** by producer: messages of which no attempt is left */
  readonly messages: readonly SequencePages[];
  /** further attempts of messages that had failed */
  readonly retries: number;
  /** messages that were sent again from the dead letters, and arrived */
  readonly redriven: readonly SequencePages[];
  /** from the planned send to the attempt that succeeded, of messages that had failed */
  readonly timeToSuccess: EncodedLatency;
}

/** What was found in the dead letters of a subscription, as plain data. */
export interface DeadLetterAccount {
  readonly kind: 'dead letters';
  readonly subscription: string;
  /** by producer */
  readonly messages: readonly SequencePages[];
  /** found more than once: allowed, where a crash may come between storing and settling */
  readonly again: number;
  /** by producer: sent again to their topic, and acknowledged */
  readonly redriven: readonly SequencePages[];
  /** from the planned send until it was found */
  readonly timeToDeadLetter: EncodedLatency;
}

/** The account of every message that failed. Counts are sums over the subscriptions. */
export interface DeadLetters {
  readonly retries: number;
  /** acknowledged, and given up by their handler */
  readonly givenUp: number;
  /** of them, those in the dead letters */
  readonly found: number;
  /** of them, those that are in no dead letters, nor on the broker */
  readonly missing: number;
  /** in the dead letters, and not given up */
  readonly unexpected: number;
  readonly foundAgain: number;
  /** sent again from the dead letters, and acknowledged */
  readonly redriven: number;
  /** of them, those that did not arrive */
  readonly redrivenMissing: number;
  readonly timeToSuccess: LatencyHistogram;
  readonly timeToDeadLetter: LatencyHistogram;
}

/**
 * Compares what handlers gave up with what was found in the dead letters; exact.
 * @param brokerHolds messages that the broker says are in the dead letters still, by subscription; undefined where it
 * cannot say
 */
export function reconcileDeadLetters(
  sends: readonly SendAccount[],
  givenUp: readonly GivenUpAccount[],
  found: readonly DeadLetterAccount[],
  brokerHolds: ReadonlyMap<string, number | undefined>,
): DeadLetters {
  const counts = { retries: 0, givenUp: 0, found: 0, missing: 0, unexpected: 0, foundAgain: 0 };
  const again = { redriven: 0, redrivenMissing: 0 };
  const timeToSuccess = new LatencyHistogram();
  const timeToDeadLetter = new LatencyHistogram();
  for (const handlers of givenUp) {
    const letters = found.find(({ subscription }) => subscription === handlers.subscription);
    timeToSuccess.add(handlers.timeToSuccess);
    counts.retries += handlers.retries;
    let missing = 0;
    for (const send of sends) {
      const acknowledged = new SequenceSet(send.acknowledged);
      const gone = new SequenceSet(handlers.messages[send.producer]);
      const dead = new SequenceSet(letters?.messages[send.producer]);
      const sentAgain = new SequenceSet(letters?.redriven[send.producer]);
      const arrivedAgain = new SequenceSet(handlers.redriven[send.producer]);
      counts.givenUp += gone.overlap(acknowledged);
      counts.found += dead.overlap(gone);
      counts.unexpected += dead.count - dead.overlap(gone);
      for (const { from, to } of gone.minus(dead)) {
        for (let sequence = from; sequence < to; sequence++) if (acknowledged.has(sequence)) missing++;
      }
      again.redriven += sentAgain.count;
      again.redrivenMissing += sentAgain.count - sentAgain.overlap(arrivedAgain);
    }
    counts.missing += Math.max(0, missing - (brokerHolds.get(handlers.subscription) ?? 0));
    if (letters === undefined) continue;
    counts.foundAgain += letters.again;
    timeToDeadLetter.add(letters.timeToDeadLetter);
  }
  return { ...counts, ...again, timeToSuccess, timeToDeadLetter };
}
