import { z } from 'zod';
import { name } from '../../yaml/index.ts';
import { rate, seconds } from './quantities.ts';

const phase = z
  .strictObject({
    name: name('name of the phase, for checks and reports', ['steady']),
    rate: z
      .union([
        rate('messages per second of all producers together'),
        z.strictObject({ from: rate('rate at the start'), to: rate('rate at the end') }),
      ])
      .describe('one rate, or a ramp from one to another'),
    for: seconds('1ms', '24h', 'how long the phase lasts', '15s'),
    warmup: z
      .boolean()
      .default(false)
      .describe('true: measured and kept, but not part of any headline figure'),
  })
  .describe('a named span of the load');

export const load = z
  .strictObject({
    arrivals: z
      .enum(['poisson', 'uniform'])
      .default('poisson')
      .describe('poisson: at random, as from many users; uniform: evenly spaced'),
    phases: z.array(phase).min(1).max(100).describe('one after the other, without a gap'),
  })
  .describe('when messages are due');
