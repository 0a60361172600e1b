import { z } from 'zod';
import { name, parsed, parseSizeBytes, quantity, wholeNumber } from '../../yaml/index.ts';
import { CHECK_PATTERN, parseCheck } from '../check.ts';
import { CONTRACTS } from '../contract.ts';
import { consumers } from './consumers.ts';
import { failures, redrive, retry } from './failures.ts';
import { faults } from './faults.ts';
import { load } from './load.ts';
import { messages } from './messages.ts';
import { count, milliseconds, seconds } from './quantities.ts';
import { saga } from './saga.ts';
import { schemaEvolution } from './schema-evolution.ts';

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

/** Each is read as a scenario of its own: see variantsOf. */
const variants = z
  .record(name('name of the variant', ['large']), z.looseObject({}))
  .describe('scenarios that differ from this one in what each says here, and are named after both');

/** A scenario as a user writes it. It yields numbers in one unit each and writes schemas/scenario.schema.json. */
export const scenarioSchema = z
  .strictObject({
    name: name('default: the name of the file', ['steady-state']).optional(),
    title: z.string().min(1).max(200).optional().describe('a line for reports; default: the name'),
    question: z.string().max(1_000).default('').describe('what an architect wants to know'),
    lookAt: z.string().max(1_000).default('').describe('what in the result answers it'),
    workload: z
      .enum(['stream', 'request-reply', 'dead-letter', 'saga', 'schema-evolution', 'event-sourcing'])
      .describe('the kind of work'),
    contract: z.enum(CONTRACTS).describe('the delivery and durability promise under which it is run'),
    messages,
    topology: topology.prefault({}),
    producers: producers.prefault({}),
    consumers: consumers.prefault({}),
    load,
    faults,
    failures: failures.optional(),
    retry: retry.optional(),
    redrive: redrive.optional(),
    saga: saga.optional(),
    schema: schemaEvolution.optional(),
    drain: drain.prefault({}),
    checks: z.array(check).max(100).default([]).describe('what must hold of every trial'),
    variants: variants.optional(),
  })
  .meta({ title: 'mqbench scenario', description: 'What is sent to every target, and what must hold' });

export type ScenarioInput = z.output<typeof scenarioSchema>;
