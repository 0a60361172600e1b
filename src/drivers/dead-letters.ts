import type { Headers, Subscription, TopicSpec } from './driver.ts';

/**
 * Where the dead letters of a subscription are: a topic of one partition and one subscription, consumed and
 * counted like any other.
 */
export function deadLettersOf({ topic, name }: Subscription): Subscription {
  return { topic: `${topic}.dead-${name}`, name: 'dead' };
}

/** The topics, and one for the dead letters of each subscription of those that have a retry policy. */
export function withDeadLetters(topics: readonly TopicSpec[]): readonly TopicSpec[] {
  const dead = topics
    .filter((topic) => topic.retry !== undefined)
    .flatMap(({ name: topic, subscriptions }) => subscriptions.map((name) => deadLettersOf({ topic, name })));
  return [
    ...topics,
    ...dead.map(({ topic, name }) => ({ name: topic, partitions: 1, subscriptions: [name] })),
  ];
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
