import type { MemoryFaults } from '../drivers/memory/index.ts';
import type { Scenario } from '../scenario/index.ts';

export const NO_FAULTS: MemoryFaults = {
  seed: 1,
  delayMs: 0,
  loss: 0,
  duplicates: 0,
  reorder: 0,
  stallForMs: 0,
};

/** What the trials of the selftest differ in. */
export interface Setting {
  readonly name: string;
  readonly ratePerSecond: number;
  /** undefined: the same */
  readonly warmupRatePerSecond?: number;
  readonly seconds: number;
  /** as so many phases of the same length, each with histograms of its own; undefined: one */
  readonly phases?: number;
  readonly faults: MemoryFaults;
  /** messages that may await their acknowledgement; 1 makes a client that blocks */
  readonly window?: number;
  /** few keys make neighbours of a key meet soon, so that reordering shows */
  readonly keys?: number;
}

/** Warm-up of each trial; the faults count from its first message. */
export const WARMUP_SECONDS = 5;

/** A scenario with uniform arrivals on a topic of one subscription. */
export function selftestScenario({
  name,
  ratePerSecond,
  warmupRatePerSecond = ratePerSecond,
  seconds,
  phases = 1,
  window = 100_000,
  keys = 1000,
}: Setting): Scenario {
  return {
    name,
    title: name,
    question: '',
    lookAt: '',
    workload: 'stream',
    contract: 'leader-acked',
    messages: { sizeBytes: 256, keys: { distribution: 'uniform', count: keys } },
    topology: { partitions: 4, subscriptions: ['selftest'] },
    producers: {
      count: 1,
      window,
      batching: { lingerMs: 0, maxBatchBytes: 131_072, maxBatchMessages: 1000 },
    },
    consumers: { count: 1, window: 100_000, workMs: 0, of: {}, changes: [] },
    load: {
      arrivals: 'uniform',
      phases: [
        { name: 'warm-up', ...constant(warmupRatePerSecond), seconds: WARMUP_SECONDS, warmup: true },
        ...Array.from({ length: phases }, (_, index) => ({
          name: phases === 1 ? 'measured' : `measured-${index + 1}`,
          ...constant(ratePerSecond),
          seconds: seconds / phases,
          warmup: false,
        })),
      ],
    },
    faults: [],
    deadLetters: undefined,
    saga: undefined,
    schema: undefined,
    drain: { timeoutSeconds: 20, quietSeconds: 1 },
    checks: [],
  };
}

function constant(perSecond: number): { readonly fromPerSecond: number; readonly toPerSecond: number } {
  return { fromPerSecond: perSecond, toPerSecond: perSecond };
}
