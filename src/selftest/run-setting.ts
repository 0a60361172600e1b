import { MemoryBroker } from '../brokers/index.ts';
import { StallWatch, type Stall } from '../clock/index.ts';
import { MemoryDriver, type MemoryTruth } from '../drivers/memory/index.ts';
import { runSingleTrial } from '../run/index.ts';
import type { TrialResult } from '../result/index.ts';
import { selftestScenario, type Setting } from './scenario.ts';

/** What the meter said, and what the broker knows to be true. */
export interface Observation {
  readonly trial: TrialResult;
  readonly truth: MemoryTruth;
  /** when the load began, on the host's monotonic clock */
  readonly startNs: number;
  /** when the machine itself stood still */
  readonly stalls: readonly Stall[];
}

/** Runs one trial on a memory broker of its own. */
export async function runSetting(setting: Setting, signal: AbortSignal): Promise<Observation> {
  await using broker = await MemoryBroker.start();
  const config = { host: '127.0.0.1' as const, port: broker.port, faults: setting.faults };
  // not the caller's signal: an interrupted trial still asks for the truth before it ends
  await using witness = await MemoryDriver.connect(config, new AbortController().signal);
  signal.throwIfAborted();
  let truth: MemoryTruth | undefined;
  await using watch = await StallWatch.start();
  const { trial, startNs } = await runSingleTrial(
    {
      scenario: selftestScenario(setting),
      target: { name: 'memory', driver: 'memory', config },
      seed: 1,
      maxExamples: Infinity,
      beforeCleanup: async (topic) => {
        truth = await witness.truth(topic);
      },
    },
    signal,
  );
  if (truth === undefined) throw new Error('the memory broker was not asked for its truth');
  return { trial, truth, startNs, stalls: await watch.stop() };
}
