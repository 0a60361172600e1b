import type { Scenario } from './scenario.ts';

/** The unit in which a metric is measured and its bounds are kept. */
type MetricUnit = 'us' | 'perSecond' | 'count';

/** Something measured that a check can be about, and a row of `mqbench list metrics`. */
export interface Metric {
  readonly name: string;
  readonly unit: MetricUnit;
  readonly description: string;
  /** false: it is known for the whole trial only */
  readonly perPhase: boolean;
  /** those that have it; not there: all have it */
  readonly workloads?: readonly Scenario['workload'][];
}

/** What each latency spans. */
export const LATENCIES = {
  endToEnd: 'from the planned send to the first delivery to the handler',
  acknowledge: 'from the planned send to the acknowledgement',
  service: 'from the actual send to the acknowledgement',
  scheduleDebt: 'from the planned to the actual send: how far the generator was behind',
} as const;

/** What can be asked of each latency. */
export const STATISTICS = {
  min: 'shortest time',
  p50: 'median time',
  p90: '90th percentile of the time',
  p99: '99th percentile of the time',
  p999: '99.9th percentile of the time',
  p9999: '99.99th percentile of the time',
  max: 'longest time',
  mean: 'mean time',
} as const;

const RATES = {
  attempted: 'messages handed to the client',
  acknowledged: 'messages that the broker acknowledged',
  delivered: 'messages first delivered to a handler',
} as const;

const LEDGER = {
  attempted: 'messages handed to the client',
  acknowledged: 'messages that the broker acknowledged',
  failed: 'messages that were certainly not stored, the refused among them',
  refused: 'messages that the broker or the client would not take: too large, no permission',
  unknown: 'messages of which nobody knows whether the broker stored them',
  delivered: 'acknowledged messages that reached a handler, each counted once',
  recovered: 'messages delivered whose outcome the producer never learned',
  backlog: 'messages still stored by the broker when the drain ended',
  lost: 'acknowledged messages not in the backlog that were not delivered, or died with who held them',
  unverified: 'acknowledged messages not delivered by a broker that was gone before it could be asked',
  neverArrived: 'messages not acknowledged and not delivered',
  resurrected: 'messages delivered though they were reported as failed',
  phantom: 'messages delivered that nobody sent',
  corrupt: 'payloads that came back changed',
  duplicates: 'repeated deliveries',
  silentDuplicates: 'repeated deliveries that the broker did not mark as such',
  outOfOrder: 'acknowledged messages first delivered after a later one of their key',
  rewinds: 'repeated deliveries that go back in the order of their key',
  keySplits: 'deliveries while another consumer held an unsettled message of the key',
} as const;

/** Of the workload dead-letter, and of others in which messages become dead letters. */
const DEAD_LETTERS = {
  retries: 'further attempts of messages that had failed',
  givenUp: 'acknowledged messages of which no attempt was left, or that were rejected',
  found: 'of them, those found in the dead letters',
  missing: 'of them, those in no dead letters, nor held by the broker',
  unexpected: 'messages in the dead letters that nobody had given up',
  foundAgain: 'messages found in the dead letters more than once',
  redriven: 'messages sent again from the dead letters',
  redrivenMissing: 'of them, those that did not arrive',
} as const;

/** Of the workload saga. */
const SAGA = {
  started: 'orders that the order service took in',
  completed: 'orders that were paid and sent',
  rejected: 'orders whose payment was declined, or out of stock',
  cancelled: 'orders that the shipper refused, with all undone',
  unended: 'orders that are not over',
  sold: 'pieces that the inventory sold',
  broken: 'violations of what has to hold of the orders, of all invariants together',
} as const;

/** Of the workload schema-evolution: events, each counted once for each subscription. */
const SCHEMA = {
  ok: 'events read as they were meant',
  defaulted: 'events of which the reader has a default for a field that their writer did not know',
  droppedField: 'events with a field that their reader does not know, and dropped',
  rejectedAtPublish: 'events whose version a registry refused, so that they were written in the one before',
  deadLettered: 'events that their reader could not read, and rejected',
  silentlyWrong: 'events that their reader took and read as something else than was meant',
} as const;

/** Latencies of messages that failed; of the workload dead-letter, and of the whole trial. */
export const FAILURE_LATENCIES = {
  timeToSuccess: 'from the planned send to the attempt that succeeded, of messages that had failed',
  timeToDeadLetter: 'from the planned send until it was found in the dead letters',
} as const;

/** Of the workload event-sourcing, of the whole trial. */
export const PROJECTION_LATENCIES = {
  projectionLag: 'from the acknowledgement of an event until the read model has it',
} as const;

const REPLAY = {
  aggregates: 'aggregates that events were folded into',
  differing: 'aggregates of another state in the read model than by the log',
  events: 'events in the log',
  skipped: 'versions of aggregates that are not in the log though later ones are',
  missing: 'acknowledged events that are not in the log',
  extra: 'events in the log that were reported as failed, or that nobody sent, or changed',
  repeated: 'events that are in the log again',
  outOfOrder: 'events in the log behind a later one of their key',
} as const;

/** Every metric, in the order in which they are listed. */
export const METRICS: readonly Metric[] = [
  ...times(LATENCIES, { perPhase: true }),
  ...Object.entries(RATES).map(([name, what]): Metric => ({
    name: `${name}.rate`,
    unit: 'perSecond',
    description: `${what} in that time, per second`,
    perPhase: true,
  })),
  {
    name: 'backlog.peak',
    unit: 'count',
    description: 'most messages that were due and not yet delivered, at the end of a second',
    perPhase: true,
  },
  {
    name: 'backlog.slope',
    unit: 'perSecond',
    description: 'by how much the backlog grew (Theil and Sen over the seconds)',
    perPhase: true,
  },
  {
    name: 'recovery.drain',
    unit: 'us',
    description:
      'from the end of the busiest phase, or of a fault or pause, until what had piled up was delivered, in whole seconds',
    perPhase: false,
  },
  {
    name: 'recovery.time',
    unit: 'us',
    description:
      'from the end of the busiest phase, or of a fault or pause, until all was as before, in whole seconds',
    perPhase: false,
  },
  ...counts('saga', SAGA).map((metric): Metric => ({ ...metric, workloads: ['saga'] })),
  ...counts('schema', SCHEMA).map((metric): Metric => ({ ...metric, workloads: ['schema-evolution'] })),
  ...[...counts('deadLetters', DEAD_LETTERS), ...times(FAILURE_LATENCIES, { perPhase: false })].map(
    (metric): Metric => ({ ...metric, workloads: ['dead-letter', 'schema-evolution'] }),
  ),
  ...[
    ...counts('replay', REPLAY),
    {
      name: 'replay.eventsPerSecond',
      unit: 'perSecond',
      description: 'events that one reader of the log reads and folds in a second',
      perPhase: false,
    } as const,
    ...times(PROJECTION_LATENCIES, { perPhase: false }),
  ].map((metric): Metric => ({ ...metric, workloads: ['event-sourcing'] })),
  ...counts('ledger', LEDGER),
];

/** A count of the whole trial for each of a group. */
function counts(group: string, descriptions: Readonly<Record<string, string>>): readonly Metric[] {
  return Object.entries(descriptions).map(([name, description]) => ({
    name: `${group}.${name}`,
    unit: 'count',
    description,
    perPhase: false,
  }));
}

/** Every statistic of each latency. */
function times(
  spans: Readonly<Record<string, string>>,
  { perPhase }: Pick<Metric, 'perPhase'>,
): readonly Metric[] {
  return Object.entries(spans).flatMap(([latency, span]) =>
    Object.entries(STATISTICS).map(([statistic, what]): Metric => ({
      name: `${latency}.${statistic}`,
      unit: 'us',
      description: `${what} ${span}`,
      perPhase,
    })),
  );
}

export const METRIC_NAMES: readonly string[] = METRICS.map(({ name }) => name);

const BY_NAME: ReadonlyMap<string, Metric> = new Map(METRICS.map((metric) => [metric.name, metric]));

/** The metric of that name; `endToEnd.p99.9` is taken for `endToEnd.p999`. */
export function metricNamed(name: string): Metric | undefined {
  return BY_NAME.get(name.replace(/\.p99\.(9{1,2})$/, '.p99$1'));
}
