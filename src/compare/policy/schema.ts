import { z } from 'zod';
import { name, parseShare, quantity, wholeNumber } from '../../yaml/index.ts';
import { ASPECTS, INCONCLUSIVE } from './policy.ts';

const share = (least: string, most: string, description: string, examples: readonly string[]) =>
  quantity({ noun: 'share', parse: parseShare, least, most, description, examples });

const gate = z.strictObject({
  metric: z
    .string()
    .min(1)
    .meta({ description: 'see mqbench list metrics', examples: ['endToEnd.p99'] }),
  tolerance: share('0%', '1000%', 'by how much it may get worse', ['10%']),
  phase: name('undefined: all that is measured', ['sale']).optional(),
  scenarios: z
    .array(name('of a scenario', ['flash-sale']))
    .min(1)
    .optional()
    .describe('undefined: all'),
  targets: z
    .array(name('of a target', ['kafka']))
    .min(1)
    .optional()
    .describe('undefined: all'),
});

/** Writes schemas/policy.schema.json. */
export const policySchema = z
  .strictObject({
    gates: z.array(gate).min(1).max(1000).describe('what must not get worse'),
    alpha: share('0.01%', '50%', 'chance that any gated row is called regressed though nothing changed', [
      '5%',
    ]).prefault('5%'),
    power: share('50%', '99.9%', 'chance to find the change that is told as the smallest', ['80%']).prefault(
      '80%',
    ),
    inconclusive: z
      .enum(INCONCLUSIVE)
      .default('warn')
      .describe('what an inconclusive row does to the exit code: nothing, nothing but a warning, or 4'),
    separate: z
      .number()
      .min(1)
      .max(10)
      .default(2)
      .describe('by how much tolerances grow where the sides were measured one after the other'),
    allow: z.array(z.enum(ASPECTS)).default([]).describe('what may differ between the sides'),
    canary: z
      .strictObject({
        spin: share('1%', '1000%', 'a fixed amount of arithmetic', ['10%']).prefault('10%'),
        roundTrip: share('1%', '1000%', 'a message through the memory broker and back', ['100%']).prefault(
          '100%',
        ),
        fsync: share('1%', '1000%', '4 KiB, written and flushed', ['100%']).prefault('100%'),
      })
      .prefault({})
      .describe(
        'by how much the machine may differ in what has nothing to do with a broker: beyond it, it is the machine that changed',
      ),
    repeats: wholeNumber({
      least: 1,
      most: 1000,
      description: 'of each side, as planned',
      examples: [5],
    }).optional(),
    variation: share('0.1%', '100%', 'of a value from one trial to the next, as expected', ['5%']).prefault(
      '5%',
    ),
  })
  .meta({ title: 'policy.yaml', description: 'What a comparison of two sides is gated by' });

export type PolicyInput = z.output<typeof policySchema>;
