import { fateOf, type Identity } from '../../load/index.ts';
import { LatencyHistogram, SequenceSet, type GivenUpAccount, type Mark } from '../../measure/index.ts';
import type { ReceivedMessage, Settlement } from '../../drivers/index.ts';
import type { DeadLetterSpec, TrialPlan } from '../../scenario/index.ts';
import type { Handling } from '../stream/handling.ts';
import { isRedriven } from './redrive-mark.ts';

/** Handles the messages of a subscription as their fates have it, and keeps account of those that fail. */
export class Failing implements Handling {
  readonly #subscription: string;
  readonly #spec: DeadLetterSpec;
  readonly #seed: number;
  /** attempts so far of messages that failed and are to be tried again, by `producer:sequence`; there are few */
  readonly #attempts = new Map<string, number>();
  readonly #givenUp: readonly SequenceSet[];
  readonly #redriven: readonly SequenceSet[];
  readonly #timeToSuccess = new LatencyHistogram();
  #retries = 0;

  constructor(subscription: string, { scenario, seed }: TrialPlan, spec: DeadLetterSpec) {
    this.#subscription = subscription;
    this.#spec = spec;
    this.#seed = seed;
    const perProducer = (): readonly SequenceSet[] =>
      Array.from({ length: scenario.producers.count }, () => new SequenceSet());
    this.#givenUp = perProducer();
    this.#redriven = perProducer();
  }

  /** dead letters that there have to be, less those that came back from them; and messages that are tried again */
  get owed(): number {
    const sum = (sets: readonly SequenceSet[]): number => sets.reduce((total, { count }) => total + count, 0);
    return sum(this.#givenUp) - sum(this.#redriven) + this.#attempts.size;
  }

  markOf(identity: Identity, message: ReceivedMessage): Mark | undefined {
    return isRedriven(message) || this.#attempts.has(nameOf(identity)) ? 'asked for' : undefined;
  }

  settle(identity: Identity, message: ReceivedMessage, arrivedNs: number): Settlement {
    if (isRedriven(message)) {
      this.#redriven[identity.producer]?.add(identity.sequence);
      return 'done';
    }
    const fate = fateOf(identity.producer, identity.sequence, this.#spec.shares, this.#seed);
    switch (fate) {
      case 'fine':
        return 'done';
      case 'malformed':
        this.#giveUp(identity);
        return 'reject';
      case 'poison':
        if (this.#attempt(identity) === this.#spec.maxAttempts) this.#giveUp(identity);
        return 'retry';
      case 'transient':
        if (this.#attempt(identity) <= this.#spec.failingAttempts) return 'retry';
        this.#attempts.delete(nameOf(identity));
        this.#timeToSuccess.record(arrivedNs - identity.plannedNs);
        return 'done';
    }
  }

  account(): GivenUpAccount {
    return {
      kind: 'given up',
      subscription: this.#subscription,
      messages: this.#givenUp.map((set) => set.toPages()),
      retries: this.#retries,
      redriven: this.#redriven.map((set) => set.toPages()),
      timeToSuccess: this.#timeToSuccess.encode(),
    };
  }

  /** Which attempt at the message this is, from 1. */
  #attempt(identity: Identity): number {
    const name = nameOf(identity);
    const attempt = (this.#attempts.get(name) ?? 0) + 1;
    if (attempt > 1) this.#retries++;
    this.#attempts.set(name, attempt);
    return attempt;
  }

  #giveUp(identity: Identity): void {
    this.#attempts.delete(nameOf(identity));
    this.#givenUp[identity.producer]?.add(identity.sequence);
  }
}

function nameOf({ producer, sequence }: Identity): string {
  return `${producer}:${sequence}`;
}
