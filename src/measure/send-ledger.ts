import { SequenceSet, type SequencePages } from './sequence-set.ts';

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

  account(): SendAccount {
    return {
      producer: this.#producer,
      attempted: this.#attempted,
      acknowledged: this.#acknowledged.toPages(),
      failed: this.#failed.toPages(),
      refused: this.#refused,
    };
  }
}
