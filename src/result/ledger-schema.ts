import { z } from 'zod';
import { count } from './phase-schema.ts';

const deliveryCounts = {
  delivered: count.describe('acknowledged, and arrived'),
  recovered: count.describe('outcome unknown to the producer, yet arrived'),
  resurrected: count.describe('failed for certain, yet arrived'),
  backlog: count.describe('acknowledged, not arrived, still held by the broker'),
  lost: count.describe('acknowledged, not arrived, and not held by the broker'),
  unverified: count
    .default(0)
    .describe('acknowledged, not arrived, and the broker was gone before it could be asked'),
  neverArrived: count.describe('not acknowledged, and not arrived'),
  phantom: count.describe('arrived, and nobody sent them'),
};

const eventCounts = {
  duplicates: count,
  silentDuplicates: count.describe('duplicates that the broker did not mark as redelivered'),
  outOfOrder: count.describe('acknowledged messages first delivered after a later one of their key'),
  rewinds: count.describe("duplicates that go back in their key's order"),
  keySplits: count.describe('deliveries of a key while another consumer held a message of it'),
  corrupt: count,
};

/** The account of every message. */
export const ledgerSchema = z.object({
  attempted: count,
  acknowledged: count,
  failed: count,
  refused: count,
  unknown: count,
  deadLettered: count,
  reasons: z
    .array(
      z.object({
        outcome: z.enum(['refused', 'failed', 'unknown']),
        reason: z.string(),
        mend: z.string().optional().describe('what has to be done at the broker before it takes messages'),
        count,
      }),
    )
    .default([])
    .describe('why sends were not acknowledged, the most frequent first'),
  ...deliveryCounts,
  ...eventCounts,
  subscriptions: z.array(
    z.object({
      subscription: z.string(),
      ...deliveryCounts,
      backlogKnown: z.boolean().describe('whether the broker could say what it still holds'),
      events: z.object({ ...eventCounts, foreign: count }),
    }),
  ),
  examples: z.record(z.string(), z.array(z.string())),
});
