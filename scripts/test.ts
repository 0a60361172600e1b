import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';

/** Rooms whose tests need no broker beside them and measure no time, but for those in TIMED: two files run at a time. */
const TOGETHER =
  /^test\/(baseline|capacity|compare|drivers|import|load|measure|report|result|scenario|stats|targets|workloads|yaml)\//;
/** They have a bound on how long our own code takes. Like every file that is not in TOGETHER, they run alone. */
const TIMED = new Set(['test/scenario/check.test.ts', 'test/scenario/document.test.ts']);
const SETUP = ['properties', 'leftovers'].flatMap((name) => ['--import', `./test/setup/${name}.ts`]);
const TIMEOUT_MS = 20 * 60_000;

const files = globSync('test/**/*.test.ts').toSorted();
const together = files.filter((file) => TOGETHER.test(file) && !TIMED.has(file));
const alone = files.filter((file) => !together.includes(file));

/** What follows the name of this script is handed on to the runner. */
function succeed(tested: readonly string[], concurrency: number): boolean {
  const flags = ['--test', `--test-concurrency=${concurrency}`, `--test-timeout=${TIMEOUT_MS}`];
  const args = [...SETUP, ...flags, ...process.argv.slice(2), ...tested];
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status === 0;
}

const outcomes = [succeed(together, 2), succeed(alone, 1)];
process.exitCode = outcomes.every(Boolean) ? 0 : 1;
