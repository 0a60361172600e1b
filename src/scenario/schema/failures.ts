import { z } from 'zod';
import { count, milliseconds, seconds, share } from './quantities.ts';

/** What handlers cannot do, for the workload dead-letter. */
export const failures = z
  .strictObject({
    transient: share('messages that fail in their first attempts', '5%').prefault('0%'),
    attempts: count(20, 'attempts that each of those fails in').prefault(1),
    poison: share('messages that fail in every attempt, until the cause is mended', '0.5%').prefault('0%'),
    malformed: share('messages that are rejected at once', '0.1%').prefault('0%'),
  })
  .describe('dead-letter only: which messages fail, by their share');

export const retry = z
  .strictObject({
    attempts: count(20, 'attempts in all, after which a message is a dead letter'),
    delay: milliseconds('15min', 'between two attempts; SQS counts in whole seconds', '1s'),
  })
  .describe('dead-letter only: how often a message is tried');

export const redrive = z
  .strictObject({
    at: seconds('0s', '24h', 'when, from the start of the load: the cause is mended then', '25s'),
  })
  .describe('dead-letter only: dead letters are sent again to their topic, and succeed');
