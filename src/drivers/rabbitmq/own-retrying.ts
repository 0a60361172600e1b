import type { ConsumerOptions, Driver, Handler, Subscription } from '../driver.ts';
import { Retrying } from '../retrying.ts';
import type { QueueType } from './config.ts';
import { brokerMovesDeadLetters } from './dead-lettering.ts';

/**
 * What mqbench does of retries and dead letters for a type of queue, undefined where the broker does it all.
 *
 * A stream gives nothing back: basic.reject and basic.nack are 540 NOT_IMPLEMENTED and end the connection. So
 * even without a policy a message is retried here, at once and for ever, and one that is rejected is gone.
 */
export async function openOwnRetrying(
  driver: Pick<Driver, 'openProducer'>,
  queueType: QueueType,
  subscription: Subscription,
  { contract, retry: policy }: ConsumerOptions,
  handler: Handler,
): Promise<Retrying | undefined> {
  if (policy !== undefined && !brokerMovesDeadLetters(queueType)) {
    return Retrying.open(driver, subscription, { contract, policy }, handler);
  }
  if (queueType !== 'stream') return undefined;
  return new Retrying({
    handler,
    policy: { maxAttempts: Infinity, delayMs: 0 },
    origin: subscription,
    bury: () => Promise.resolve(),
  });
}
