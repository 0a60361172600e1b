import { randomUUID } from 'node:crypto';
import type { TrialResult } from '../result/index.ts';
import { planTrials, type Scenario, type Target } from '../scenario/index.ts';
import { NO_FAULTS } from './faults.ts';
import { judgeTrial } from './judged-trial.ts';
import { localEngine } from './local-engine.ts';
import { runTrial } from './trial.ts';

export interface SingleTrial {
  readonly scenario: Scenario;
  readonly target: Target;
  readonly seed: number;
  /** examples kept of each kind of ledger event */
  readonly maxExamples: number;
  /** called with the topic's name when all is measured and the topic still exists */
  readonly beforeCleanup: (topic: string) => Promise<void>;
}

/** Runs one trial outside of a campaign, and writes nothing down. */
export async function runSingleTrial(
  single: SingleTrial,
  signal: AbortSignal,
): Promise<{ readonly trial: TrialResult; readonly startNs: number }> {
  const { scenario, target, seed, maxExamples, beforeCleanup } = single;
  const name = randomUUID().slice(0, 13);
  const [plan] = planTrials({ scenarios: [scenario], targets: [target.name], repeats: 1, seed, name });
  if (plan === undefined) throw new Error('no trial planned');
  const record = await runTrial(
    { ...plan, maxExamples },
    target,
    localEngine,
    { progress: () => undefined, beforeCleanup },
    NO_FAULTS,
    signal,
  );
  signal.throwIfAborted();
  const trial = judgeTrial(record, target.driver, { broker: undefined, fsync: null });
  return { trial, startNs: record.startNs };
}
