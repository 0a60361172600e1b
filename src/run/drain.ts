import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../clock/index.ts';
import type { DrainSpec } from '../scenario/index.ts';

/** How often it is looked whether everything has arrived. */
const LOOK_EVERY_MS = 50;

/** With messages missing, silence must last this long before the broker is asked whether it holds them. */
const MISSING_QUIET_SECONDS = 2;

/** What a drain watches. */
export interface Draining {
  readonly acknowledged: number;
  /** by subscription: messages that arrived at least once */
  readonly arrived: readonly number[];
  /** messages that are still to turn up somewhere else: as dead letters, or in another attempt */
  readonly owed: number;
  /** when the latest delivery came in; 0 for never */
  readonly lastArrivalNs: number;
}

/** How a drain ended: `complete` when the broker had nothing more to deliver. */
export interface Drained {
  readonly seconds: number;
  readonly complete: boolean;
}

/**
 * Waits until every acknowledged message has arrived and a quiet period has shown that no late duplicate
 * follows; or, when some stay away or may do so, until the broker says that it holds nothing more; or for the time-out.
 * @param look reads the state of the agents
 * @param brokerBacklog what the broker still holds, undefined where it cannot say
 */
export async function drain(
  spec: DrainSpec,
  look: () => Draining,
  brokerBacklog: () => Promise<number | undefined>,
  signal: AbortSignal,
): Promise<Drained> {
  const startNs = nowNs();
  const seconds = (): number => (nowNs() - startNs) / 1e9;
  while (seconds() < spec.timeoutSeconds && !signal.aborted) {
    const { acknowledged, arrived, owed, lastArrivalNs } = look();
    const missing = owed > 0 || arrived.some((count) => count < acknowledged);
    // some whose outcome is unknown arrived: as many may stand for acknowledged ones that did not
    const masked = !missing && arrived.some((count) => count > acknowledged);
    const quietSeconds = (nowNs() - Math.max(startNs, lastArrivalNs)) / 1e9;
    const isOpen = missing || masked;
    if (!isOpen && quietSeconds >= spec.quietSeconds) return { seconds: seconds(), complete: true };
    if (isOpen && quietSeconds >= Math.max(spec.quietSeconds, MISSING_QUIET_SECONDS)) {
      const backlog = await brokerBacklog();
      if (backlog === 0 || (masked && backlog === undefined)) return { seconds: seconds(), complete: true };
    }
    await sleep(LOOK_EVERY_MS);
  }
  return { seconds: seconds(), complete: false };
}
