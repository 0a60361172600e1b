import { z } from 'zod';
import type { ImportedTrial } from '../result/index.ts';
import { impossible, latencyMetrics } from './percentiles.ts';

/** By the field of mqbench, what k6 calls it, where `summaryTrendStats` asked for it. */
const FIELDS = {
  p50: 'med',
  p90: 'p(90)',
  p99: 'p(99)',
  p999: 'p(99.9)',
  p9999: 'p(99.99)',
  min: 'min',
  max: 'max',
  mean: 'avg',
} as const;

const DEFAULT_TREND = 'http_req_duration';

const values = z.record(z.string(), z.unknown());

/** What handleSummary is given, and what --summary-export writes, which has the values one level higher. */
export const k6Schema = z.looseObject({ metrics: z.record(z.string(), values) });

export type K6Summary = z.output<typeof k6Schema>;

/** What a summary of k6 lacks, whatever is in it. */
export const K6_LACKS: readonly string[] = [
  'a ledger: no message was checked',
  'the contract under which it was measured, and every setting of broker and client',
  'its machine, the versions of server and client, and the load that was planned',
  'latency from the planned send: service begins with the actual one',
  'when it was measured, and warm-up apart from the rest',
];

/** What a user says of it, since the file does not. */
export interface K6Naming {
  readonly scenario: string;
  readonly target: string;
  /** of time; undefined: http_req_duration */
  readonly trend: string | undefined;
}

/** @returns a sentence where the file has no such trend */
export function fromK6(
  { metrics }: K6Summary,
  { scenario, target, trend = DEFAULT_TREND }: K6Naming,
): Omit<ImportedTrial, 'file'> | string {
  const found = Object.hasOwn(metrics, trend) ? metrics[trend] : undefined;
  if (found === undefined || numbersOf(found)['med'] === undefined) {
    const trends = Object.keys(metrics).filter((name) => numbersOf(metrics[name] ?? {})['med'] !== undefined);
    return `it has no trend ${trend}; those that it has: ${trends.join(', ')}`;
  }
  if (found['contains'] !== undefined && found['contains'] !== 'time' && !trend.endsWith('_seconds'))
    return `${trend} is no time: new Trend('${trend}', true) is one`;
  const us = trend.endsWith('_seconds') ? 1e6 : 1000;
  const numbers = numbersOf(found);
  const words = wordsAmong(found);
  if (words !== undefined) return `${words} of ${trend} is no number`;
  const valueOf = (name: string, field: string): number | undefined => numbersOf(metrics[name] ?? {})[field];
  const ofHttp = trend === DEFAULT_TREND;
  const samples = numbers['count'] ?? (ofHttp ? valueOf('http_reqs', 'count') : undefined);
  const rate = ofHttp ? valueOf('http_reqs', 'rate') : undefined;
  const latency = Object.entries(FIELDS).map(([field, name]) => {
    const value = numbers[name];
    return [field, value === undefined ? undefined : value * us] as const;
  });
  const valuesUs = Object.fromEntries(latency);
  const wrong = samples === 0 ? 'it has no samples' : impossible(valuesUs, 'above 0');
  if (wrong !== undefined) return `${trend}: ${wrong}, which nobody can have measured`;
  const vus = valueOf('vus_max', 'max');
  return {
    scenario,
    target,
    load: { trend, ...(vus === undefined ? {} : { vus }) },
    metrics: {
      ...latencyMetrics('service', valuesUs, samples),
      ...(rate === undefined ? {} : { 'acknowledged.rate': rate }),
    },
    problem: problemOf(metrics, valueOf),
  };
}

/** Where requests failed, or were not made at all, those that were made are not all of the story. */
function problemOf(
  metrics: K6Summary['metrics'],
  valueOf: (name: string, field: string) => number | undefined,
): ImportedTrial['problem'] {
  // of http_req_failed those that passed are the failed ones
  const failed = valueOf('http_req_failed', 'passes') ?? 0;
  if (failed > 0) return { verdict: 'incorrect', reason: `${failed} requests failed` };
  const share = valueOf('http_req_failed', 'rate') ?? valueOf('http_req_failed', 'value') ?? 0;
  if (share > 0)
    return { verdict: 'incorrect', reason: `${(share * 100).toFixed(1)} % of the requests failed` };
  const checks = valueOf('checks', 'fails') ?? 0;
  if (checks > 0) return { verdict: 'incorrect', reason: `${checks} checks failed` };
  const [crossed] = Object.entries(metrics).flatMap(([name, metric]) =>
    crossedThresholds(metric).map((threshold) => `${name}: ${threshold}`),
  );
  if (crossed !== undefined) return { verdict: 'incorrect', reason: `a threshold was crossed: ${crossed}` };
  const dropped = valueOf('dropped_iterations', 'count') ?? 0;
  if (dropped > 0)
    return { verdict: 'client-limited', reason: `${dropped} iterations were dropped, and are no samples` };
  return null;
}

/** From either form. */
function numbersOf(metric: Readonly<Record<string, unknown>>): Readonly<Record<string, number>> {
  const inner = values.safeParse(metric['values']);
  const told = inner.success ? inner.data : metric;
  return Object.fromEntries(
    Object.entries(told).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value]] : [])),
  );
}

/** Of handleSummary's form `{ok: false}`, and of --summary-export's, which says whether it was crossed. */
function crossedThresholds(metric: Readonly<Record<string, unknown>>): readonly string[] {
  const read = values.safeParse(metric['thresholds']);
  return Object.entries(read.success ? read.data : {}).flatMap(([threshold, outcome]) =>
    outcome === true ||
    (typeof outcome === 'object' && outcome !== null && 'ok' in outcome && outcome.ok === false)
      ? [threshold]
      : [],
  );
}

/** The first of the fields that are meant for numbers and hold none. */
function wordsAmong(metric: Readonly<Record<string, unknown>>): string | undefined {
  const inner = values.safeParse(metric['values']);
  const told = inner.success ? inner.data : metric;
  return Object.values(FIELDS).find((field) => told[field] !== undefined && typeof told[field] !== 'number');
}
