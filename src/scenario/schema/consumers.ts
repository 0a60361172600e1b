import { z } from 'zod';
import { name } from '../../yaml/index.ts';
import { count, milliseconds, seconds } from './quantities.ts';

const counts = {
  count: count(1_000, 'how many consumers each subscription has'),
  window: count(1_000_000, 'messages that one consumer may hold unsettled'),
  work: milliseconds('1h', 'simulated processing time of a message before it is settled', '5ms'),
};

const change = z
  .strictObject({
    at: seconds('0s', '24h', 'when, from the start of the load, warm-up included', '10s'),
    do: z
      .enum(['join', 'leave', 'pause', 'resume'])
      .describe(
        'join: one consumer more; leave: one less; pause: nobody asks for messages any more, until resume',
      ),
    of: name('a subscription; default: each of them', ['fulfilment']).optional(),
  })
  .describe('a change of the consumers in the middle of the load');

export const consumers = z
  .strictObject({
    count: counts.count.prefault(1),
    window: counts.window.prefault(500),
    work: counts.work.prefault('0ms'),
    of: z
      .record(
        z.string(),
        z.strictObject({
          count: counts.count.optional(),
          window: counts.window.optional(),
          work: counts.work.optional(),
        }),
      )
      .default({})
      .describe(
        'what is different for the consumers of a subscription, by its name; of a saga also: order, payment, inventory, shipping',
      ),
    changes: z.array(change).max(100).default([]).describe('who joins, leaves or rests while the load runs'),
  })
  .describe('who receives');
