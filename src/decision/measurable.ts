import type { CapacityResult, TrialResult } from '../result/index.ts';
import { metricNamed, METRIC_NAMES } from '../scenario/index.ts';
import type { AGGREGATES } from './decision.ts';

/** Something of a result that an option can be scored by. */
export interface Measurable {
  readonly name: string;
  readonly dimension: keyof typeof UNITS;
  /**
   * of what it is evidence: of `speed` only where the load was carried, and under the same contract as for the other
   * options; of `correctness` as it is
   */
  readonly evidence: 'speed' | 'correctness';
  readonly perPhase: boolean;
  /** in the base unit of its dimension; undefined: it is one of the metrics of a trial */
  readonly ofTrial?: (trial: TrialResult) => number | null;
  readonly ofCapacity?: (capacity: CapacityResult) => number;
  /** of those that are no metrics of a trial */
  readonly description?: string;
}

/** By dimension, the units in which a criterion may have it, each in base units: µs, messages a second, … */
export const UNITS = {
  time: { us: 1, ms: 1e3, s: 1e6 },
  rate: { '/s': 1 },
  count: { count: 1 },
  memory: { MiB: 1_048_576, GiB: 1_073_741_824 },
  'CPU time': { 'CPU-s per million': 1 },
  disk: { 'MiB per million': 1_048_576, 'GiB per million': 1_073_741_824 },
  requests: { 'requests per message': 1 },
} as const satisfies Readonly<Record<string, Readonly<Record<string, number>>>>;

const DIMENSIONS = { us: 'time', perSecond: 'rate', count: 'count' } as const;

/** What is known of a trial, or of a target, beside the metrics that a check can be about. */
const OTHERS: readonly (Measurable & { readonly description: string })[] = [
  {
    ...ofSpeed('capacity', 'rate'),
    description: 'highest rate that it carries, of mqbench capacity',
    ofCapacity: ({ perSecond }) => perSecond,
  },
  {
    ...ofSpeed('broker.cpuSecondsPerMillion', 'CPU time'),
    description: 'of the broker, per million messages',
    ofTrial: ({ resources }) => resources.broker?.cpuSecondsPerMillion ?? null,
  },
  {
    ...ofSpeed('broker.memory', 'memory'),
    description: 'of the broker, resident',
    ofTrial: ({ resources }) => resources.broker?.rssBytes ?? null,
  },
  {
    ...ofSpeed('broker.diskPerMillion', 'disk'),
    description: 'growth of the data of the broker, per million messages',
    ofTrial: ({ resources }) => resources.broker?.diskBytesPerMillion ?? null,
  },
  {
    ...ofSpeed('requests.perMessage', 'requests'),
    description: 'to the service, as the client counted them',
    ofTrial: ({ resources }) => resources.requests?.perMessage ?? null,
  },
];

function ofSpeed(name: string, dimension: Measurable['dimension']): Measurable {
  return { name, dimension, evidence: 'speed', perPhase: false };
}

/** What a decision can be about beside the metrics of a trial. */
export const DECISION_METRICS: readonly {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
}[] = OTHERS.map(({ name, dimension, description }) => ({ name, unit: dimension, description }));

export const MEASURABLE_NAMES: readonly string[] = [...OTHERS.map(({ name }) => name), ...METRIC_NAMES];

export function measurableNamed(name: string): Measurable | undefined {
  const other = OTHERS.find((each) => each.name === name);
  const metric = metricNamed(name);
  if (other !== undefined || metric === undefined) return other;
  return {
    name: metric.name,
    dimension: DIMENSIONS[metric.unit],
    evidence: metric.unit === 'count' ? 'correctness' : 'speed',
    perPhase: metric.perPhase,
  };
}

/** Of what is counted, such as lost messages, one trial that has some is enough. */
export function usualAggregate(metric: string): (typeof AGGREGATES)[number] {
  return measurableNamed(metric)?.dimension === 'count' ? 'worst' : 'median';
}

/** @returns undefined for a unit that the dimension does not have */
export function baseUnits(dimension: Measurable['dimension'], unit: string): number | undefined {
  const units: Readonly<Record<string, number>> = UNITS[dimension];
  return Object.hasOwn(units, unit) ? units[unit] : undefined;
}
