import { z } from 'zod';
import { count, us } from './phase-schema.ts';

const rate = z.number().min(0).describe('messages a second');

/** The highest rate at which a target met an objective. */
export const capacitySchema = z.object({
  scenario: z.string(),
  target: z.string(),
  objectives: z.array(z.string()).describe('checks that had to pass'),
  perSecond: rate.describe('the rate that was looked for; 0 where the least that was tried is too much'),
  fitsPerSecond: rate.describe('most trials at this rate met it'),
  tooMuchPerSecond: rate
    .nullable()
    .describe('most trials at this rate did not; null: the most that was tried fits'),
  limit: z
    .enum(['broker', 'mqbench', 'none found'])
    .describe('what held at the higher rate; mqbench: the broker may carry more'),
  isConfirmed: z.boolean().describe('repeated trials on either side agree with it'),
  curve: z
    .array(
      z.object({
        position: count.describe('of the trial'),
        plannedRate: rate,
        deliveredRate: rate,
        verdict: z.string(),
        fits: z.boolean(),
        p50Us: us,
        p99Us: us,
        p999Us: us,
      }),
    )
    .describe('every trial, by its rate: latency end to end against load'),
});

export type CapacityResult = z.output<typeof capacitySchema>;
