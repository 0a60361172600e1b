import {
  delayFindings,
  ledgerFindings,
  omissionFindings,
  paceFindings,
  stallFindings,
  type Finding,
} from './findings.ts';
import { runSetting } from './run-setting.ts';
import { NO_FAULTS } from './scenario.ts';

export type { Finding } from './findings.ts';

/** One part of the selftest: a known truth, and what must be found of it. */
export interface Part {
  readonly title: string;
  run(signal: AbortSignal): Promise<readonly Finding[]>;
}

const DELAY_TRIALS = 3;

/** In all about a minute and a half. */
export const PARTS: readonly Part[] = [
  {
    title: 'a constant delay of 20 ms at 1,000/s',
    run: async (signal) => {
      const faults = { ...NO_FAULTS, delayMs: 20 };
      const setting = { name: 'constant-delay', ratePerSecond: 1000, seconds: 5, faults };
      const trials = [];
      for (let trial = 0; trial < DELAY_TRIALS; trial++)
        trials.push((await runSetting(setting, signal)).trial);
      return delayFindings(trials, 20);
    },
  },
  {
    title: 'a stall of 1 s at 1,000/s in a run of 10 s',
    run: async (signal) => {
      const faults = { ...NO_FAULTS, stallAtMs: 6000, stallForMs: 1000 };
      const setting = { name: 'stall', ratePerSecond: 1000, seconds: 10, faults };
      const { trial } = await runSetting(setting, signal);
      return stallFindings(trial, 1000, 1);
    },
  },
  {
    title: 'the same stall, seen by a client that blocks on each send',
    run: async (signal) => {
      const faults = { ...NO_FAULTS, stallAtMs: 6000, stallForMs: 1000 };
      const setting = { name: 'omission', ratePerSecond: 1000, seconds: 10, faults, window: 1 };
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
      const setting = { name: 'pacing', ratePerSecond: 5000, seconds: 30, faults: NO_FAULTS };
      const { trial } = await runSetting(setting, signal);
      return paceFindings(trial, 5000);
    },
  },
];
