import { z } from 'zod';
import { CONTRACTS, type Scenario } from '../scenario/index.ts';
import { capacitySchema } from './capacity-schema.ts';
import { ledgerSchema } from './ledger-schema.ts';
import { backlogs, count, latenciesSchema, latencySchema, phaseSchema, us } from './phase-schema.ts';
import { deadLetterSchema } from './dead-letter-schema.ts';
import { eventSourcingSchema } from './event-sourcing-schema.ts';
import { recoverySchema } from './recovery-schema.ts';
import { resourcesSchema } from './resources-schema.ts';
import { sagaSchema } from './saga-schema.ts';
import { schemaEvolutionSchema } from './schema-evolution-schema.ts';

/** The version of the format; a reader refuses others. */
export const RESULT_SCHEMA = 'mqbench/result@1';

const microseconds = z.number().positive();

const canaryReadingSchema = z.object({
  spinUs: microseconds.describe('a fixed amount of arithmetic'),
  roundTripUs: microseconds.describe('a message through the memory broker and back'),
  fsyncUs: microseconds.describe('4 KiB written to the folder of the campaign, and flushed'),
});

const trialSchema = z.object({
  scenario: z.string(),
  target: z.string(),
  driver: z.string(),
  client: z.object({ name: z.string(), version: z.string(), transport: z.string() }),
  server: z.object({
    address: z.string().optional().describe('as the target has it, without a login; none in this process'),
    product: z.string(),
    version: z.string(),
    nodes: count,
    emulated: z.boolean(),
    oneHost: z
      .boolean()
      .default(false)
      .describe(
        'several nodes that share the host of the client: what is lost is true, how fast it is is not',
      ),
  }),
  side: z
    .enum(['a', 'b'])
    .nullable()
    .default(null)
    .describe('of mqbench ab: which of two; null for all others'),
  repeat: z.number().int().min(1),
  position: z.number().int().min(1).describe('place in the order in which the campaign ran its trials'),
  seed: count,
  startedAt: z.string(),
  contract: z.object({
    asked: z.enum(CONTRACTS),
    effective: z.enum(CONTRACTS),
    relation: z.enum(['exact', 'exceeds']),
    settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    notReadBack: z.array(z.string()),
  }),
  ordering: z
    .enum(['per key', 'not at all'])
    .nullable()
    .default(null)
    .describe(
      'what the target promises: messages of a key overtake each other in a breach of it, or as they may',
    ),
  faults: z
    .array(
      z.object({
        kind: z.string(),
        fromSeconds: z.number(),
        toSeconds: z
          .number()
          .nullable()
          .describe('when it was over: a broker that was killed serves clients again'),
        delay: z
          .object({ latencyMs: z.number(), jitterMs: z.number() })
          .nullable()
          .default(null)
          .describe('of a slow network: what it took longer in each direction; null for all others'),
      }),
    )
    .default([])
    .describe(
      'what was done to the broker, its network or its consumers on purpose, in seconds from the start of the load',
    ),
  interrupted: z.boolean().describe('cut off: it holds what was measured until then'),
  verdict: z.enum(['sustained', 'overloaded', 'client-limited', 'broker-throttled', 'incorrect', 'failed']),
  warnings: z.array(z.string()),
  checks: z.array(
    z.object({
      check: z.string(),
      value: z.number().nullable(),
      bound: z.number(),
      unit: z.string(),
      passed: z.boolean(),
    }),
  ),
  phases: z.array(phaseSchema),
  measured: z
    .object({
      seconds: z.number(),
      plannedRate: z.number(),
      attemptedRate: z.number(),
      acknowledgedRate: z.number(),
      deliveredRate: z.number().describe('per subscription, in the time of these phases'),
      ...backlogs,
      latency: latenciesSchema,
      clientDebtP99Us: us
        .default(null)
        .describe('99th percentile of the part of scheduleDebt that was no wait for a full window'),
      subscriptions: z
        .array(z.object({ subscription: z.string(), delivered: count, endToEnd: latencySchema }))
        .default([])
        .describe('each of several; empty where there is one, of which all of the above tells'),
    })
    .describe('all phases that are not warm-up, merged'),
  recoveries: z
    .array(recoverySchema)
    .default([])
    .describe('from the busiest phase and from each disturbance; none of a trial that was cut off'),
  ledger: ledgerSchema,
  deadLetters: deadLetterSchema
    .nullable()
    .default(null)
    .describe('null for a workload in which no message fails on purpose'),
  saga: sagaSchema.nullable().default(null).describe('of the workload saga; null for all others'),
  schemaEvolution: schemaEvolutionSchema
    .nullable()
    .default(null)
    .describe('of the workload schema-evolution; null for all others'),
  eventSourcing: eventSourcingSchema
    .nullable()
    .default(null)
    .describe('of the workload event-sourcing; null for all others'),
  intervals: z.array(
    z.object({
      second: count,
      phase: z.string().nullable().describe('null after the load, while draining'),
      due: count
        .nullable()
        .default(null)
        .describe('by the plan; null in results of versions that did not tell'),
      attempted: count,
      acknowledged: count,
      notAcknowledged: count.nullable().default(null),
      delivered: count,
      backlog: z
        .number()
        .describe('due by the end of the second, not failed, and not yet delivered to every subscription'),
      endToEndP50Us: us,
      endToEndP99Us: us,
    }),
  ),
  drain: z.object({ seconds: z.number(), complete: z.boolean() }),
  unsent: count,
  resources: resourcesSchema,
  hlog: z.string().describe('file beside this one with all histograms in HdrHistogram log format'),
});

/** Why a campaign is what others are compared with. */
const baselineSchema = z.object({
  name: z.string(),
  savedAt: z.string(),
  by: z.string(),
  why: z.string().nullable(),
  commit: z.string().nullable(),
  branch: z.string().nullable(),
  replaces: z.string().nullable().describe('id of the campaign that was it before'),
});

/** A campaign as it lies in result.json. Self-explaining, and the only thing that reports are made from. */
export const resultSchema = z
  .object({
    schema: z.literal(RESULT_SCHEMA),
    id: z.string(),
    startedAt: z.string(),
    endedAt: z.string().nullable().describe('null while the campaign runs, or when it was cut off'),
    interrupted: z.boolean(),
    tool: z.object({ version: z.string(), node: z.string() }),
    host: z.object({
      fingerprint: z.string(),
      cpu: z.string(),
      cpus: count,
      memoryBytes: count,
      kernel: z.string(),
    }),
    canary: z
      .object({ before: canaryReadingSchema, after: canaryReadingSchema.nullable() })
      .nullable()
      .default(null)
      .describe(
        'medians of work that has nothing to do with a broker, before the first trial and after the last',
      ),
    baseline: baselineSchema
      .nullable()
      .default(null)
      .describe('of one that mqbench baseline keeps, without its seconds; null for all others'),
    seed: count,
    repeats: count,
    plannedTrials: count,
    scenarios: z.array(z.looseObject({ name: z.string() })).describe('as resolved, all defaults filled in'),
    trials: z.array(trialSchema),
    refusals: z
      .array(z.object({ scenario: z.string(), target: z.string(), reason: z.string() }))
      .default([])
      .describe('what was not run, since the target cannot'),
    capacities: z.array(capacitySchema).default([]).describe('of mqbench capacity'),
    failures: z
      .array(
        z.object({
          scenario: z.string(),
          target: z.string(),
          repeat: z.number(),
          position: z.number(),
          side: z.enum(['a', 'b']).nullable().default(null).describe('of mqbench ab'),
          error: z.string(),
        }),
      )
      .describe('trials that did not run to their end'),
  })
  .meta({
    title: 'mqbench result',
    description: 'A campaign: what ran where, and what was measured of each trial',
  });

export type Result = z.output<typeof resultSchema>;
export type Baseline = z.output<typeof baselineSchema>;
export type CanaryReading = z.output<typeof canaryReadingSchema>;
export type TrialResult = Result['trials'][number];
export type TrialFailure = Result['failures'][number];
export type LatencyResult = TrialResult['measured']['latency']['endToEnd'];
/** A scenario as a result has it: all of it, unless another version wrote it. */
export type ToldScenario = Partial<Scenario>;
