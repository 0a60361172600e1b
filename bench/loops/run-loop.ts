import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Target } from '../../src/scenario/index.ts';
import type { Pace, Setting } from './setting.ts';

const run = promisify(execFile);
/** A loop that takes longer is stuck. */
const TIMEOUT_MS = 300_000;

/** Runs a loop in a process of its own, which prints its pace. */
export async function runLoop(name: string, setting: Setting, nodeFlags: readonly string[]): Promise<Pace> {
  const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const args = ['--no-warnings', ...nodeFlags, file, JSON.stringify(setting)];
  const { stdout } = await run(process.execPath, args, { timeout: TIMEOUT_MS });
  return JSON.parse(stdout) as Pace;
}

/** What both sides of a pair are given; so many messages that a loop takes some seconds. */
export function settingOf(target: Target, name: string, messages: number): Setting {
  const kafka = target.driver === 'kafka';
  return {
    target: target.name,
    driver: target.driver,
    connection: target.config,
    topic: `mqbench.bench-${process.pid}.${name}`,
    direction: 'both',
    messages,
    sizeBytes: 1024,
    partitions: kafka ? 4 : 1,
    window: kafka ? 10_000 : 1000,
    prefetch: kafka ? 10_000 : 500,
    maxBatchMessages: 1000,
  };
}
