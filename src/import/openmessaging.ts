import { z } from 'zod';
import type { ImportedTrial } from '../result/index.ts';
import { impossible, latencyMetrics } from './percentiles.ts';

const LATENCIES = [
  ['endToEnd', 'aggregatedEndToEndLatency', 1000],
  ['service', 'aggregatedPublishLatency', 1000],
  // the only one in microseconds (WorkloadGenerator.java, printAndCollectStats)
  ['scheduleDebt', 'aggregatedPublishDelayLatency', 1],
] as const;

/** By the field of mqbench, what OpenMessaging Benchmark calls it. */
const FIELDS = {
  p50: '50pct',
  p99: '99pct',
  p999: '999pct',
  p9999: '9999pct',
  max: 'Max',
  mean: 'Avg',
} as const;

/** How long its windows are, of each of which it tells one rate. */
const WINDOW_SECONDS = 10;

/** Of what was sent: less is what waits, or is lost. */
const KEPT_UP = 0.95;

const rates = z.array(z.number().min(0)).min(1);

/** Of TestResult.java; what newer and older versions have beside it is left alone. */
export const openMessagingSchema = z.looseObject({
  workload: z.string().min(1),
  driver: z.string().min(1),
  messageSize: z.number(),
  topics: z.number(),
  partitions: z.number(),
  producersPerTopic: z.number(),
  consumersPerTopic: z.number(),
  publishRate: rates,
  publishErrorRate: z.array(z.number().min(0)).default([]),
  consumeRate: rates,
  backlog: z.array(z.number()).default([]),
});

export type OpenMessagingResult = z.output<typeof openMessagingSchema>;

/** What a result of OpenMessaging Benchmark lacks, whatever is in it. */
export const OPEN_MESSAGING_LACKS: readonly string[] = [
  'a ledger: no message was checked',
  'the contract under which it was measured, and every setting of broker and client',
  'its machine, the versions of broker and client, and the rate that was planned',
  'latency from the planned send: endToEnd and service begin with the actual one',
  'latency below a millisecond: endToEnd is in whole ones, and what took less than one was dropped',
  'the health of its load generator',
];

/** @returns a sentence where it has values that nobody can have measured */
export function fromOpenMessaging(result: OpenMessagingResult): Omit<ImportedTrial, 'file'> | string {
  const { workload, driver, publishRate, consumeRate } = result;
  const { messageSize, topics, partitions, producersPerTopic, consumersPerTopic } = result;
  const samples = publishRate.reduce((sum, rate) => sum + rate * WINDOW_SECONDS, 0);
  const latencies = LATENCIES.map(([latency, prefix, us]) => {
    const values = Object.entries(FIELDS).map(([field, suffix]) => {
      const value = result[`${prefix}${suffix}`];
      return [field, typeof value === 'number' ? value * us : undefined] as const;
    });
    return { latency, values: Object.fromEntries(values) };
  });
  for (const { latency, values } of latencies) {
    // a send may be as early as planned, and nothing is delivered in no time
    const wrong = impossible(values, latency === 'scheduleDebt' ? 'may be 0' : 'above 0');
    if (wrong !== undefined) return `${latency}: ${wrong}, which nobody can have measured`;
  }
  if (latencies[0]?.values['p99'] === undefined) return 'it has no aggregatedEndToEndLatency99pct';
  const metrics = latencies.map(({ latency, values }) => latencyMetrics(latency, values, samples));
  return {
    scenario: workload,
    target: driver,
    load: { messageSize, topics, partitions, producersPerTopic, consumersPerTopic },
    metrics: {
      ...Object.assign({}, ...metrics),
      'acknowledged.rate': mean(publishRate),
      'delivered.rate': mean(consumeRate),
    },
    problem: problemOf(result),
  };
}

/** It judges nothing itself. */
function problemOf({
  publishErrorRate,
  publishRate,
  consumeRate,
  backlog,
}: OpenMessagingResult): ImportedTrial['problem'] {
  if (mean(consumeRate) === 0) return { verdict: 'incorrect', reason: 'nothing was consumed' };
  const [sent, consumed] = [mean(publishRate), mean(consumeRate)];
  if (consumed < KEPT_UP * sent)
    return {
      verdict: 'overloaded',
      reason: `of ${sent.toFixed(0)} messages a second, ${consumed.toFixed(0)} were consumed`,
    };
  const errors = mean(publishErrorRate);
  if (errors > 0)
    return { verdict: 'overloaded', reason: `${errors.toFixed(1)} messages a second could not be sent` };
  const waiting = backlog.at(-1) ?? 0;
  if (waiting <= mean(publishRate)) return null;
  return {
    verdict: 'overloaded',
    reason: `${waiting} messages waited in the end, which is more than were sent in a second`,
  };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
