import { z } from 'zod';
import { parseDurationMs, quantity, ValueError } from '../../yaml/index.ts';
import { seconds } from './quantities.ts';

const at = seconds('0s', '24h', 'when, from the start of the load, warm-up included', '20s');
const lasting = seconds('100ms', '1h', 'how long it lasts', '5s');

/** Toxiproxy takes no other. */
function wholeMilliseconds(text: string): number {
  const ms = parseDurationMs(text);
  if (Number.isInteger(ms)) return ms;
  const fault = 'is not a whole number of milliseconds';
  throw new ValueError({ code: 'not-whole', text, fault, advice: 'round it, as in 100ms' });
}

const delay = (least: string, description: string, example: string) =>
  quantity({
    noun: 'duration',
    parse: wholeMilliseconds,
    least,
    most: '60s',
    description,
    examples: [example],
  });

export const FAULT_KINDS = ['pause', 'kill', 'crash-consumers', 'slow', 'cut'] as const;

const fault = z.strictObject({
  do: z
    .enum(FAULT_KINDS)
    .describe(
      'pause: the broker stands still; kill: it dies; crash-consumers: the processes of the consumers die; what died is started again after that time. slow: the network between the broker and its clients takes longer; cut: nothing gets through it',
    ),
  at,
  for: lasting,
  latency: delay(
    '1ms',
    'of slow: how much longer the network takes in each direction; a round trip takes it twice',
    '100ms',
  ).optional(),
  jitter: delay('0ms', 'of slow: so much more or less than the latency, at random', '20ms').optional(),
});

export const faults = z
  .array(fault)
  .max(20)
  .default([])
  .describe('what goes wrong on purpose; they need a broker that mqbench up has started');
