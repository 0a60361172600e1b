import { z } from 'zod';
import { count } from './phase-schema.ts';

const agentHealthSchema = z.object({
  agent: z.string(),
  eventLoopUtilization: z.number(),
  eventLoopDelayP99Us: z.number(),
  eventLoopDelayMaxUs: z.number(),
  cpu: z
    .number()
    .nullable()
    .describe('CPU time of the thread over elapsed time; null where Node cannot tell'),
  gcPauses: count,
  gcPauseMaxUs: z.number(),
  gcPauseTotalUs: z.number(),
  windowFull: z.number().describe("share of the time in which a producer's window was full"),
  throttled: z
    .object({ seconds: z.number(), reason: z.string() })
    .nullable()
    .default(null)
    .describe(
      'how long, while messages of the measured phases were to be sent, the broker said that it held producers back; null for never',
    ),
});

const brokerUsageSchema = z.object({
  cpuSeconds: z.number(),
  rssBytes: z.number(),
  diskBytes: z.number().describe('growth of the data directory during the trial'),
  cpuSecondsPerMillion: z.number().nullable().describe('per million messages acknowledged'),
  diskBytesPerMillion: z.number().nullable(),
});

const fsyncSchema = z
  .object({ p50Us: z.number(), p99Us: z.number(), count })
  .describe('a 1-s probe of 4 KiB writes and fdatasync in the data directory of the broker');

const requestsSchema = z
  .object({
    total: count,
    perMessage: z.number().nullable().describe('by message acknowledged; null where there was none'),
    byAction: z
      .record(z.string(), count)
      .describe(
        '`ReceiveMessage empty`: brought nothing; `… throttled`: refused for its rate; each one is billed',
      ),
  })
  .describe('API calls of producers and consumers, from the start of the load to the last settlement');

/** What a trial took of both sides. */
export const resourcesSchema = z.object({
  client: z.array(agentHealthSchema),
  broker: brokerUsageSchema.nullable(),
  fsync: fsyncSchema.nullable(),
  requests: requestsSchema
    .nullable()
    .default(null)
    .describe('null where the broker has no API whose calls are billed'),
});
