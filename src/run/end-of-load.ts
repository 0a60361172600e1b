import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../clock/index.ts';
import { paceOf, type TrialPlan } from '../scenario/index.ts';
import type { Crew } from './crew.ts';
import { INTERRUPTED_DRAIN_SECONDS, START_DELAY_NS } from './patience.ts';

/**
 * The load runs to its end, or is given up: when interrupted, or when sends do not settle in time.
 * @returns when it was given up, in ns of the host's clock; Infinity where all was sent
 */
export async function loadOrGiveUp(plan: TrialPlan, crew: Crew, signal: AbortSignal): Promise<number> {
  const patienceSeconds =
    START_DELAY_NS / 1e9 + paceOf(plan.scenario).seconds + plan.scenario.drain.timeoutSeconds;
  const sent = crew.sent().then(() => 'sent' as const);
  const end = await firstWithin(patienceSeconds, sent, aborted(signal));
  if (end === 'sent') return Infinity;
  const givenUpNs = nowNs();
  crew.order({ type: 'stop' });
  // what is under way may still settle; what does not is `unknown`
  await firstWithin(INTERRUPTED_DRAIN_SECONDS, sent);
  return givenUpNs;
}

/** What comes first, or `too late`. Leaves no timer behind, which would keep the process from ending. */
async function firstWithin<T>(seconds: number, ...events: readonly Promise<T>[]): Promise<T | 'too late'> {
  const patience = new AbortController();
  try {
    const end = sleep(seconds * 1000, 'too late' as const, { signal: patience.signal });
    return await Promise.race([...events, end]);
  } finally {
    patience.abort();
  }
}

export function aborted(signal: AbortSignal): Promise<'interrupted'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('interrupted');
    else signal.addEventListener('abort', () => resolve('interrupted'), { once: true });
  });
}
