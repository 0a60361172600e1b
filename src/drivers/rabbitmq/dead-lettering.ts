import { deadLettersOf } from '../dead-letters.ts';
import type { RetryPolicy, Subscription } from '../driver.ts';
import type { QueueType } from './config.ts';

/**
 * What makes the broker move a message to the dead letters of its subscription: when it is rejected, and when it
 * has been returned more often than the limit, so that it has been delivered once more than that.
 *
 * `at-least-once` keeps the message until the dead-letter queue has confirmed it; it takes `reject-publish`
 * (docs/quorum-queues, at-least-once dead lettering; since 3.10). Only quorum queues have the limit and the
 * strategy: a classic queue would forget a message between the two queues, so that there mqbench does it.
 */
export function deadLetterArguments(
  subscription: Subscription,
  { maxAttempts }: RetryPolicy,
): Readonly<Record<string, string | number>> {
  return {
    'x-dead-letter-exchange': deadLettersOf(subscription).topic,
    'x-dead-letter-routing-key': '0',
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
    'x-delivery-limit': maxAttempts - 1,
  };
}

export function brokerMovesDeadLetters(queueType: QueueType): boolean {
  return queueType === 'quorum';
}
