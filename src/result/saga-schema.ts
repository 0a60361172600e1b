import { z } from 'zod';
import { count, latencySchema } from './phase-schema.ts';

/** What became of the orders of a shop. */
export const sagaSchema = z.object({
  style: z.enum(['orchestration', 'choreography']),
  started: count.describe('orders that the order service took in'),
  completed: count,
  rejected: count.describe('the payment declined, or out of stock'),
  cancelled: count.describe('the shipper refused, and all was undone'),
  unended: count.describe('orders that are not over'),
  sold: count.describe('pieces, by the inventory'),
  messages: count.describe('sent between services, and acknowledged'),
  messagesPerOrder: z.number().nullable(),
  ignored: count.describe('messages that came again, and had no effect again'),
  invariants: z.array(
    z.object({
      name: z.string(),
      violations: count,
      examples: z.array(z.string()).describe('the first few'),
    }),
  ),
  latency: z
    .object({ completed: latencySchema, rejected: latencySchema, cancelled: latencySchema })
    .describe('planned placing to end, by how the order ended'),
});
