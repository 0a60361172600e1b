import { z } from 'zod';

/** The version of the format of what another tool measured. */
export const IMPORTED_SCHEMA = 'mqbench/imported@1';

/** Tools whose results can be imported, by the names that they give themselves. */
const IMPORTED_FROM = ['openmessaging-benchmark', 'k6'] as const;

const importedTrialSchema = z.object({
  scenario: z.string(),
  target: z.string(),
  file: z.string().describe('of the other tool, without its folder'),
  load: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .describe('what the file tells of the load; trials of another are not compared with this one'),
  metrics: z
    .record(z.string(), z.number())
    .describe(
      'by the names of mqbench list metrics, in µs, per second or a count; what is not told is not there',
    ),
  problem: z
    .object({ verdict: z.enum(['overloaded', 'client-limited', 'incorrect']), reason: z.string() })
    .nullable()
    .describe('why its latency is no measure of the broker; null: nothing of that kind is told'),
});

/** What another tool measured, as far as mqbench compare can use it. */
export const importedSchema = z
  .object({
    schema: z.literal(IMPORTED_SCHEMA),
    id: z.string(),
    importedAt: z.string(),
    from: z.enum(IMPORTED_FROM),
    lacks: z.array(z.string()).describe('what a campaign of mqbench would have told'),
    trials: z.array(importedTrialSchema),
  })
  .meta({
    title: 'mqbench import',
    description: 'What another tool measured, a trial for each of its files, marked with what it lacks',
  });

export type Imported = z.output<typeof importedSchema>;
export type ImportedTrial = Imported['trials'][number];
