import { metricNamed, METRIC_NAMES } from '../scenario/index.ts';
import type { CapacityResult } from './capacity-schema.ts';
import { metricValue } from './metric-value.ts';
import type { TrialResult } from './schema.ts';

/** Something of a result that options can be scored by, and two sides be compared by. */
export interface Measurable {
  readonly name: string;
  readonly dimension: keyof typeof UNITS;
  /** that of a metric of a trial, such as `us`; else the first of its dimension */
  readonly unit: string;
  /** which way is worse */
  readonly worse: 'higher' | 'lower';
  /**
   * of what it is evidence: of `speed` only where the load was carried, and under the same contract as what it is
   * compared with; of `correctness` as it is
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

/** Of which there should be many: what was done, rates and capacities. */
const GOOD =
  /^(?:capacity|\w+\.rate|replay\.(?:eventsPerSecond|events|aggregates)|ledger\.(?:attempted|acknowledged|delivered)|saga\.(?:started|completed|sold)|schema\.ok|deadLetters\.(?:found|redriven))$/;

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
  const [unit = ''] = Object.keys(UNITS[dimension]);
  return { name, dimension, unit, worse: worseOf(name), evidence: 'speed', perPhase: false };
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
    unit: metric.unit,
    worse: worseOf(name),
    evidence: metric.unit === 'count' ? 'correctness' : 'speed',
    perPhase: metric.perPhase,
  };
}

function worseOf(name: string): Measurable['worse'] {
  return GOOD.test(name) ? 'lower' : 'higher';
}

/**
 * What it is of a trial, in the base unit of its dimension; null where there is none.
 * @param phase undefined: all that is measured
 */
export function valueOfTrial(
  { name, ofTrial }: Measurable,
  trial: TrialResult,
  phase: string | undefined,
): number | null {
  return ofTrial === undefined
    ? metricValue({ metric: name, phase, subscription: undefined }, trial)
    : ofTrial(trial);
}

/** @returns undefined for a unit that the dimension does not have */
export function baseUnits(dimension: Measurable['dimension'], unit: string): number | undefined {
  const units: Readonly<Record<string, number>> = UNITS[dimension];
  return Object.hasOwn(units, unit) ? units[unit] : undefined;
}
