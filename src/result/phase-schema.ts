import { z } from 'zod';

export const count = z.number().int().min(0);
export const us = z
  .number()
  .min(0)
  .nullable()
  .describe('µs; null where too few samples lie beyond the percentile');

export const latencySchema = z
  .object({
    count,
    minUs: us,
    p50Us: us,
    p90Us: us,
    p99Us: us,
    p999Us: us,
    p9999Us: us,
    maxUs: us,
    meanUs: us,
    refused: count.describe('impossible values: counted, never clamped, in no percentile'),
    histogram: z
      .string()
      .nullable()
      .describe('the whole distribution in µs, HdrHistogram V2 compressed, base64; null when empty'),
  })
  .meta({ id: 'latency' });

export const latenciesSchema = z
  .object({
    endToEnd: latencySchema.describe('planned send to first delivery to the handler'),
    acknowledge: latencySchema.describe('planned send to acknowledgement'),
    service: latencySchema.describe('actual send to acknowledgement: what coordinated omission would report'),
    scheduleDebt: latencySchema.describe('planned to actual send'),
  })
  .meta({ id: 'latencies' });

const phaseRate = (what: string) =>
  z
    .number()
    .nullable()
    .default(null)
    .describe(`messages a second that were ${what} in the time of the phase, whenever they were due`);

export const backlogs = {
  backlogPeak: z
    .number()
    .nullable()
    .default(null)
    .describe('most messages that were due and not yet delivered at the end of a second'),
  backlogSlope: z
    .number()
    .nullable()
    .default(null)
    .describe('by how much that grew, messages a second (Theil and Sen); null for less than 5 whole seconds'),
};

/** What was measured of one phase. */
export const phaseSchema = z.object({
  name: z.string(),
  warmup: z.boolean(),
  plannedRate: z.number().describe('mean planned rate, messages per second'),
  seconds: z.number(),
  attempted: count,
  acknowledged: count,
  delivered: count.describe('first deliveries of messages planned in this phase, over all subscriptions'),
  attemptedRate: phaseRate('handed to the client'),
  acknowledgedRate: phaseRate('acknowledged'),
  deliveredRate: phaseRate('first delivered to a subscription'),
  ...backlogs,
  latency: latenciesSchema,
});
