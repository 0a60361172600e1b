import {
  delayFindings,
  ledgerFindings,
  omissionFindings,
  paceFindings,
  stallFindings,
  type Finding,
} from './findings.ts';
import { type Observation, runSetting } from './run-setting.ts';
import { NO_FAULTS, type Setting, WARMUP_SECONDS } from './scenario.ts';

export type { Finding } from './findings.ts';

/** One part of the selftest: a known truth, and what must be found of it. */
export interface Part {
  readonly title: string;
  run(signal: AbortSignal): Promise<readonly Finding[]>;
}

/**
 * What else runs on the machine makes some messages late in truth, and the meter is right to say so. A meter
 * that is off is off in every trial, so one that is undisturbed is enough to acquit it.
 */
const MAX_TRIALS = 5;

/** Trials of a setting until one was undisturbed, and what is to be said of them. */
async function untilUndisturbed(
  setting: Setting,
  findingsOf: (trials: readonly Observation[]) => readonly Finding[],
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const trials: Observation[] = [];
  let findings: readonly Finding[];
  do {
    trials.push(await runSetting(setting, signal));
    findings = findingsOf(trials);
  } while (trials.length < MAX_TRIALS && findings.some(({ passed }) => !passed));
  return findings;
}

/** A second, four seconds into what is measured. */
const STALL = { ...NO_FAULTS, stallAtMs: (WARMUP_SECONDS + 4) * 1000, stallForMs: 1000 };

/** In all about two minutes on a quiet machine. */
export const PARTS: readonly Part[] = [
  {
    title: 'a constant delay of 20 ms at 1,000/s',
    run: async (signal) => {
      const faults = { ...NO_FAULTS, delayMs: 20 };
      const setting = {
        name: 'constant-delay',
        ratePerSecond: 1000,
        // so that V8 has compiled what is hot, and does not while a delay is measured
        warmupRatePerSecond: 10_000,
        seconds: 10,
        // short ones, so that a stall of the machine spoils little
        phases: 100,
        faults,
      };
      return untilUndisturbed(setting, (trials) => delayFindings(trials, 20), signal);
    },
  },
  {
    title: 'a stall of 1 s at 1,000/s in a run of 10 s',
    run: async (signal) => {
      const setting = { name: 'stall', ratePerSecond: 1000, seconds: 10, faults: STALL };
      return untilUndisturbed(setting, (trials) => stallFindings(trials, 1000, 1), signal);
    },
  },
  {
    title: 'the same stall, seen by a client that blocks on each send',
    run: async (signal) => {
      const setting = { name: 'omission', ratePerSecond: 1000, seconds: 10, faults: STALL, window: 1 };
      const { trial } = await runSetting(setting, signal);
      return omissionFindings(trial, 1000, 1);
    },
  },
  {
    title: '0.1 % lost, 0.1 % duplicated, 1 % reordered at 5,000/s for 20 s',
    run: async (signal) => {
      const faults = { ...NO_FAULTS, loss: 0.001, duplicates: 0.001, reorder: 0.01 };
      const setting = { name: 'faults', ratePerSecond: 5000, seconds: 20, faults, keys: 100 };
      return ledgerFindings(await runSetting(setting, signal));
    },
  },
  {
    title: 'pacing at 5,000/s for 30 s',
    run: async (signal) => {
      const setting = {
        name: 'pacing',
        ratePerSecond: 5000,
        seconds: 30,
        // short ones, so that a stall of the machine spoils little
        phases: 300,
        faults: NO_FAULTS,
      };
      return untilUndisturbed(setting, (trials) => paceFindings(trials, 5000), signal);
    },
  },
];
