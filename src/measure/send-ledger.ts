import { SequenceSet, type SequencePages } from './sequence-set.ts';

/** Kept of each producer; what comes after them is counted together. */
const MAX_REASONS = 8;

/** Why sends were not acknowledged, in the words of the driver. */
export interface SendReason {
  readonly outcome: 'refused' | 'failed' | 'unknown';
  readonly reason: string;
  /** what the user must do at the broker; undefined where there is no such thing */
  readonly mend?: string | undefined;
  readonly count: number;
}

/** A producer's account as plain data, for another thread or host. */
export interface SendAccount {
  readonly producer: number;
  /** sequences 0 up to but not including this were handed to the driver */
  readonly attempted: number;
  readonly acknowledged: SequencePages;
  /** definitely not stored: negative acknowledgement, no connection, refused */
  readonly failed: SequencePages;
  /** those of the failed that the broker or client would not take at all */
  readonly refused: number;
  /** why those were not acknowledged that were not */
  readonly reasons: readonly SendReason[];
}

/**
 * What one producer attempted, and what became of it. A send that is neither acknowledged nor failed is
 * `unknown`: it needs no page of its own.
 */
export class SendLedger {
  readonly #producer: number;
  readonly #acknowledged = new SequenceSet();
  readonly #failed = new SequenceSet();
  #attempted = 0;
  #refused = 0;
  readonly #reasons = new Map<string, { -readonly [name in keyof SendReason]: SendReason[name] }>();

  constructor(producer: number) {
    this.#producer = producer;
  }

  /** The next sequence number, which is hereby attempted. */
  attempt(): number {
    return this.#attempted++;
  }

  acknowledged(sequence: number): void {
    this.#acknowledged.add(sequence);
  }

  failed(sequence: number): void {
    this.#failed.add(sequence);
  }

  refused(sequence: number): void {
    this.#failed.add(sequence);
    this.#refused++;
  }

  /** Notes why a send was not acknowledged, whatever its outcome. */
  explain({ outcome, reason, mend }: Omit<SendReason, 'count'>): void {
    const known = this.#reasons.get(`${outcome} ${reason}`);
    if (known !== undefined) known.count++;
    else if (this.#reasons.size < MAX_REASONS) {
      this.#reasons.set(`${outcome} ${reason}`, { outcome, reason, mend, count: 1 });
    } else {
      const others = this.#reasons.get(outcome) ?? { outcome, reason: 'other reasons', count: 0 };
      others.count++;
      this.#reasons.set(outcome, others);
    }
  }

  account(): SendAccount {
    return {
      producer: this.#producer,
      attempted: this.#attempted,
      acknowledged: this.#acknowledged.toPages(),
      failed: this.#failed.toPages(),
      refused: this.#refused,
      reasons: [...this.#reasons.values()],
    };
  }
}
