import { z } from 'zod';
import { seconds } from './quantities.ts';

const at = seconds('0s', '24h', 'when, from the start of the load, warm-up included', '20s');
const lasting = seconds('100ms', '1h', 'how long it lasts', '5s');

const fault = z.strictObject({
  do: z
    .enum(['pause', 'kill', 'crash-consumers'])
    .describe(
      'pause: the broker stands still; kill: it dies; crash-consumers: the processes of the consumers die; what died is started again after that time',
    ),
  at,
  for: lasting,
});

export const faults = z
  .array(fault)
  .max(20)
  .default([])
  .describe('what goes wrong on purpose; they need a broker that mqbench up has started');
