import type { Headers, Subscription } from './driver.ts';

/**
 * Where the dead letters of a subscription are: a topic of one partition and one subscription, consumed and
 * counted like any other.
 */
export function deadLettersOf({ topic, name }: Subscription): Subscription {
  return { topic: `${topic}.dead-${name}`, name: 'dead' };
}

/** Why a message became a dead letter, where mqbench moved it. */
export interface DeadLetterNote {
  readonly reason: 'rejected' | 'attempts used up';
  /** deliveries to a handler */
  readonly attempts: number;
  readonly origin: Subscription;
}

/** The note as headers of the dead letter, beside those that the message had. */
export function noteHeaders({ reason, attempts, origin }: DeadLetterNote): Headers {
  return {
    'mqbench-dead-letter-reason': reason,
    'mqbench-dead-letter-attempts': String(attempts),
    'mqbench-dead-letter-origin': `${origin.topic}/${origin.name}`,
  };
}
