import type { DeliveryAccount } from './delivery-ledger.ts';
import type { FoldAccount } from './order-state.ts';

/** A read model in the end, as plain data. */
export interface ProjectionAccount extends FoldAccount {
  /** by producer: when each event was applied, of the measured phases; see SequenceTimes */
  readonly appliedAt: readonly Float64Array[];
}

/** What the log came to when it was read from its start. */
export interface ReplayAccount extends FoldAccount {
  /** which events are in it, how often, and in which order */
  readonly delivery: DeliveryAccount;
  readonly seconds: number;
}
