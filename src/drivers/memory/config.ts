import { z } from 'zod';

const share = z.number().min(0).max(1);

/**
 * Faults that the memory broker commits on purpose, each drawn from the seed and written down, so that its
 * truth is known. Shares are of the published messages; a message suffers at most one of the three.
 */
const faultsSchema = z.strictObject({
  seed: z.number().int().min(0).default(1).describe('draws the faults'),
  delayMs: z.number().min(0).max(60_000).default(0).describe('from publish to delivery'),
  loss: share.default(0).describe('share of the messages acknowledged and dropped'),
  duplicates: share.default(0).describe('share of the messages delivered twice, without a mark'),
  reorder: share.default(0).describe('share of the messages overtaken by the next one of their key'),
  stallAtMs: z.number().min(0).optional().describe('when, after its first message, the broker stands still'),
  stallForMs: z.number().min(0).max(60_000).default(0).describe('how long it stands still'),
});

export type MemoryFaults = z.output<typeof faultsSchema>;

export const memoryConfigSchema = z.strictObject({
  host: z.literal('127.0.0.1').default('127.0.0.1'),
  port: z.number().int().min(0).max(65_535).default(0).describe('0: start one inside mqbench'),
  faults: faultsSchema.prefault({}),
});

export type MemoryConfig = z.output<typeof memoryConfigSchema>;
