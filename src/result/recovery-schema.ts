import { z } from 'zod';
import { count } from './phase-schema.ts';

/** How a trial came back to what it was before. */
export const recoverySchema = z.object({
  after: z.string().describe('what it came back from: the busiest phase, or a disturbance'),
  before: z.string().describe('phase with which it is compared'),
  seconds: count
    .nullable()
    .describe('whole seconds from the end of it until all was as before; null: not within the time watched'),
  watchedSeconds: count.describe('of load after it'),
  drain: z
    .object({
      backlog: z
        .number()
        .describe('messages that waited when it ended, without those that were not acknowledged in the end'),
      seconds: count.nullable().describe('until no more waited than usual; null: not within the trial'),
      deliveredPerSecond: z.number().describe('to each subscription, in that time'),
      predictedSeconds: z
        .number()
        .nullable()
        .describe(
          'by the rate of delivery in the busiest phase, or in the best second after a disturbance, against the planned load; null: never',
        ),
    })
    .nullable()
    .describe('how what had piled up was worked off while new messages kept coming; null: nothing had'),
});
