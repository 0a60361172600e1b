export { evaluate } from './check.ts';
export { DeliveryLedger, type DeliveryAccount } from './delivery-ledger.ts';
export type { GeneratorHealth } from './health.ts';
export { IntervalCounter, IntervalSeries, type Interval, type IntervalRow } from './intervals.ts';
export { reconcile } from './ledger.ts';
export { LATENCIES, LatencyHistogram, type LatencyName, type LatencySummary } from './latency.ts';
export { PhaseRecord, type PhaseAccount } from './phase-record.ts';
export { SendLedger, type SendAccount } from './send-ledger.ts';
export { judge } from './verdict.ts';
