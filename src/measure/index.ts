export { backlogOf, GROWING_SHARE } from './backlog.ts';
export { evaluate } from './check.ts';
export {
  reconcileDeadLetters,
  type DeadLetterAccount,
  type DeadLetters,
  type GivenUpAccount,
} from './dead-letter-ledger.ts';
export {
  DeliveryLedger,
  type DeliveryAccount,
  type DeliverySnapshot,
  type Mark,
  type MessageName,
} from './delivery-ledger.ts';
export type { ProjectionAccount, ReplayAccount } from './event-sourcing.ts';
export { BUSY_UTILIZATION, type GeneratorHealth } from './health.ts';
export {
  IntervalCounter,
  IntervalSeries,
  type Happened,
  type Interval,
  type IntervalRow,
} from './intervals.ts';
export { reconcile } from './ledger.ts';
export { LATENCIES, LatencyHistogram, type LatencyName, type LatencySummary } from './latency.ts';
export { compareOrders, type FoldAccount, type OrderState } from './order-state.ts';
export { PhaseRecord, type PhaseAccount } from './phase-record.ts';
export { projectionLag, SequenceTimes } from './projection-lag.ts';
export { recoveriesOf } from './recovery.ts';
export { requestsSince, sumOfRequests, type RequestCounts } from './requests.ts';
export { SendLedger, type SendAccount } from './send-ledger.ts';
export { ThrottleRecord, type Span, type Throttling } from './throttle-record.ts';
export { judge } from './verdict.ts';
export { WindowFull } from './window-full.ts';
export { SequenceSet } from './sequence-set.ts';
export { sagaInvariants, type Books, type ParticipantAccount, type SagaBooks } from './saga.ts';
export { SCHEMA_OUTCOMES, SchemaRecord, type SchemaAccount, type SchemaOutcome } from './schema-evolution.ts';
