import type { Throttling } from './throttle-record.ts';

/** How one agent's thread fared while it generated load: whether a number is the broker's or our own. */
export interface GeneratorHealth {
  readonly agent: string;
  /** share of the time in which the thread's event loop was busy, 0..1 */
  readonly eventLoopUtilization: number;
  readonly eventLoopDelayP99Us: number;
  readonly eventLoopDelayMaxUs: number;
  /** CPU time of the thread over elapsed time, 0..1; null where Node cannot tell (before 23.9) */
  readonly cpu: number | null;
  readonly gcPauses: number;
  readonly gcPauseMaxUs: number;
  readonly gcPauseTotalUs: number;
  /** share of the time in which a producer's window was full, so that it could not send; 0..1 */
  readonly windowFull: number;
  /** how long the broker held producers back in the measured phases, by its own account; null for never */
  readonly throttled: Throttling | null;
}

/** An agent busier than this may be the limit itself. */
export const BUSY_UTILIZATION = 0.8;
