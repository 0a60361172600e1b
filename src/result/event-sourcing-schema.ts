import { z } from 'zod';
import { count, latencySchema } from './phase-schema.ts';

const foldCounts = {
  skipped: count.describe('versions of aggregates that were passed over: a later event came first'),
};

/** What became of a read model, and whether the log comes to the same. */
export const eventSourcingSchema = z.object({
  projection: z
    .object({
      applied: count.describe('events'),
      dropped: count.describe('events of a version that was there already'),
      ...foldCounts,
      lag: latencySchema.describe(
        'acknowledgement of an event until the read model has it, over the measured phases',
      ),
      ahead: count.describe('events it had before their acknowledgement had come back; 0 in the lag'),
    })
    .describe('the read model that a consumer kept up to date'),
  replay: z
    .object({
      aggregates: count,
      differing: count.describe('aggregates of another state in the projection than by the log'),
      examples: z.array(z.string()).describe('the first few'),
      events: count.describe('in the log'),
      ...foldCounts,
      missing: count.describe('acknowledged, and not in the log'),
      extra: count.describe(
        'in the log changed, or though they were reported as failed, or though nobody sent them',
      ),
      recovered: count.describe('in the log, of those whose outcome the producer never learned'),
      repeated: count.describe('in the log again'),
      outOfOrder: count.describe('in the log behind a later event of their key'),
      seconds: z.number().describe('from the first request to the last event folded'),
      eventsPerSecond: z.number().nullable(),
    })
    .nullable()
    .describe('the log, read from its start when all was over; null where it was not, or could not be'),
  unreadable: z.string().nullable().describe('why the log could not be read; null where it could'),
});
