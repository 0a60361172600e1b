import { z } from 'zod';
import { milliseconds, seconds } from './quantities.ts';

const at = seconds('0s', '24h', 'when, from the start of the load, warm-up included', '20s');
const lasting = seconds('100ms', '1h', 'how long it lasts', '5s');

const fault = z.discriminatedUnion('do', [
  z.strictObject({
    do: z
      .enum(['pause', 'kill'])
      .describe('pause: the broker stands still; kill: it dies, and is started again after that time'),
    at,
    for: lasting,
  }),
  z.strictObject({
    do: z.enum(['slow']).describe('the network to the broker takes longer'),
    at,
    for: lasting,
    delay: milliseconds('1min', 'added to what the broker sends', '100ms'),
  }),
  z.strictObject({
    do: z.enum(['cut']).describe('connections to the broker are cut, and new ones refused'),
    at,
    for: lasting,
  }),
  z.strictObject({
    do: z
      .enum(['crash-consumers'])
      .describe('the processes of the consumers die, and are started again after that time'),
    at,
    for: lasting,
  }),
]);

export const faults = z
  .array(fault)
  .max(20)
  .default([])
  .describe('what goes wrong on purpose; they need a broker that mqbench up has started');
