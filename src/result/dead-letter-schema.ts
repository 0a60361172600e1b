import { z } from 'zod';
import { count, latencySchema } from './phase-schema.ts';

const doer = z.enum(['broker', 'client', 'mqbench']);

/** What became of the messages that failed; counts are sums over the subscriptions. */
export const deadLetterSchema = z.object({
  retryDelayBy: doer.describe('who waits between two attempts'),
  deadLettersBy: doer.describe('who moves a message to the dead letters'),
  retries: count.describe('further attempts of messages that had failed'),
  givenUp: count.describe('acknowledged, and given up by their handler'),
  found: count.describe('of them, those in the dead letters'),
  missing: count.describe('of them, those that are in no dead letters, nor held by the broker'),
  unexpected: count.describe('in the dead letters, and not given up'),
  foundAgain: count.describe('found in the dead letters more than once'),
  redriven: count.describe('sent again from the dead letters, and acknowledged'),
  redrivenMissing: count.describe('of them, those that did not arrive'),
  timeToSuccess: latencySchema.describe(
    'planned send to the attempt that succeeded, of messages that had failed',
  ),
  timeToDeadLetter: latencySchema.describe('planned send until it was found in the dead letters'),
});
