import { z } from 'zod';
import {
  name,
  parsed,
  parseDurationMs,
  parseDurationSeconds,
  parseRatePerSecond,
  parseShare,
  parseSizeBytes,
  quantity,
  wholeNumber,
} from '../yaml/index.ts';
import { CHECK_PATTERN, parseCheck } from './check.ts';
import { CONTRACTS } from './contract.ts';

const rate = (description: string) =>
  quantity({
    noun: 'rate',
    parse: parseRatePerSecond,
    least: '0/s',
    most: '10_000_000/s',
    description,
    examples: ['1000/s', '90/min'],
  });

const milliseconds = (most: string, description: string, example: string) =>
  quantity({
    noun: 'duration',
    parse: parseDurationMs,
    least: '0ms',
    most,
    description,
    examples: [example],
  });

const seconds = (least: string, most: string, description: string, example: string) =>
  quantity({ noun: 'duration', parse: parseDurationSeconds, least, most, description, examples: [example] });

const count = (most: number, description: string) =>
  wholeNumber({ least: 1, most, description, examples: [1] });

const keys = z
  .strictObject({
    count: wholeNumber({
      least: 1,
      most: 10_000_000,
      description: 'how many keys there are; the order of messages is kept per key',
      examples: [10_000],
    }).prefault(10_000),
    distribution: z
      .enum(['uniform', 'zipf', 'hot'])
      .default('uniform')
      .describe('uniform: all alike; zipf: a few are popular (theta); hot: one takes a share'),
    theta: z
      .number()
      .gt(0)
      .lt(1)
      .optional()
      .describe('zipf only: how skewed, more than 0 and less than 1 (default 0.99, as YCSB)'),
    share: quantity({
      noun: 'share',
      parse: parseShare,
      least: '0%',
      most: '100%',
      description: 'hot only: what the one hot key takes of the messages',
      examples: ['30%'],
    }).optional(),
  })
  .describe('the keys of the messages');

const messages = z
  .strictObject({
    size: quantity({
      noun: 'size',
      parse: parseSizeBytes,
      least: '64B',
      most: '64MiB',
      because: 'the identity of a message takes 36 bytes',
      description: 'payload of a message, its identity included',
      examples: ['1KiB', '100B', '1MB'],
    }),
    keys: keys.prefault({}),
  })
  .describe('what is sent');

const topology = z
  .strictObject({
    partitions: wholeNumber({
      least: 1,
      most: 1_000,
      description: 'units of parallelism of the topic: Kafka partitions, RabbitMQ queues per subscription',
      examples: [4],
    }).prefault(1),
    subscriptions: z
      .array(name('name of a subscription', ['fulfilment']))
      .min(1)
      .max(100)
      .default(['main'])
      .describe('each subscription receives every message'),
  })
  .describe('what is created on the broker');

const producers = z
  .strictObject({
    count: count(1_000, 'how many producers share the load').prefault(1),
    window: count(1_000_000, 'messages of one producer that may await their acknowledgement').prefault(
      10_000,
    ),
    linger: milliseconds(
      '60s',
      'how long a batch waits to fill up, in clients that gather batches; it is part of the latency',
      '1ms',
    ).prefault('0ms'),
    maxBatchBytes: quantity({
      noun: 'size',
      parse: parseSizeBytes,
      least: '1B',
      most: '64MiB',
      description: 'a batch leaves when its payloads reach this size',
      examples: ['128KiB'],
    }).prefault('128KiB'),
    maxBatchMessages: count(100_000, 'a batch leaves when it holds this many messages').prefault(1_000),
  })
  .describe('who sends');

const consumers = z
  .strictObject({
    count: count(1_000, 'how many consumers each subscription has').prefault(1),
    window: count(1_000_000, 'messages that one consumer may hold unsettled').prefault(500),
    work: milliseconds('1h', 'simulated processing time of a message before it is settled', '5ms').prefault(
      '0ms',
    ),
  })
  .describe('who receives');

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

const load = z
  .strictObject({
    arrivals: z
      .enum(['poisson', 'uniform'])
      .default('poisson')
      .describe('poisson: at random, as from many users; uniform: evenly spaced'),
    phases: z.array(phase).min(1).max(100).describe('one after the other, without a gap'),
  })
  .describe('when messages are due');

const drain = z
  .strictObject({
    timeout: seconds('1s', '1h', 'how long to wait for the last messages', '30s').prefault('30s'),
    quiet: seconds('0s', '10min', 'how long nothing may arrive after all is in', '1s').prefault('1s'),
  })
  .describe('what happens after the last send');

const check = parsed(
  'a check such as ledger.lost == 0',
  {
    type: 'string',
    pattern: CHECK_PATTERN,
    description: '<metric> <operator> <value> [in <phase>]; see mqbench list metrics',
    examples: ['endToEnd.p99 <= 100ms in steady', 'ledger.lost == 0', 'delivered.rate >= 990/s'],
  },
  (text) => parseCheck(text),
);

/** A scenario as a user writes it. It yields numbers in one unit each and writes schemas/scenario.schema.json. */
export const scenarioSchema = z
  .strictObject({
    name: name('default: the name of the file', ['steady-state']).optional(),
    title: z.string().min(1).max(200).optional().describe('a line for reports; default: the name'),
    question: z.string().max(1_000).default('').describe('what an architect wants to know'),
    workload: z.enum(['stream']).describe('the kind of work'),
    contract: z.enum(CONTRACTS).describe('the delivery and durability promise under which it is run'),
    messages,
    topology: topology.prefault({}),
    producers: producers.prefault({}),
    consumers: consumers.prefault({}),
    load,
    drain: drain.prefault({}),
    checks: z.array(check).max(100).default([]).describe('what must hold of every trial'),
  })
  .meta({ title: 'mqbench scenario', description: 'What is sent to every target, and what must hold' });

export type ScenarioInput = z.output<typeof scenarioSchema>;
