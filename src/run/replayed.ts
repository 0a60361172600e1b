import type { Driver } from '../drivers/index.ts';
import type { ReplayAccount } from '../measure/index.ts';
import type { TrialPlan } from '../scenario/index.ts';
import { workloadNamed } from '../workloads/index.ts';

/** What the log came to; a text: why it could not be read; undefined where there was no need, or no time. */
export type Replayed = ReplayAccount | string | undefined;

/**
 * Reads the log from its start, where the workload has that done, when nobody else is at work any more: neither would
 * the replay be in the latencies, nor the load in its rate.
 */
export async function replayed(
  plan: TrialPlan,
  driver: Driver,
  onBegin: () => void,
  signal: AbortSignal,
): Promise<Replayed> {
  const workload = workloadNamed(plan.scenario.workload);
  if (workload.replay === undefined || signal.aborted) return undefined;
  onBegin();
  try {
    return await workload.replay(plan, driver, signal);
  } catch (error) {
    if (signal.aborted) return undefined;
    // what was measured before is worth more than an orderly end
    return error instanceof Error ? error.message : String(error);
  }
}
