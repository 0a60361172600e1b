import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runningBrokers } from '../src/brokers/index.ts';
import { parseScenario, type Target } from '../src/scenario/index.ts';
import { BUILT_IN_TARGETS, resolveTargets, startEmbedded } from '../src/targets/index.ts';
import type { Soaked } from './loops/soak-report.ts';

/**
 * Whether a long run leaves something: handles or sockets in the process, growing memory, or anything on the
 * broker. One process a target, so many of them at a time; the embedded brokers are in this one. Exits with 1
 * when something is left, or memory grows. Needs `mqbench up` for what is not embedded.
 *
 *   node bench/soak.ts --target kafka,nats --minutes 10 --together 2
 */
const { values } = parseArgs({
  options: {
    target: { type: 'string', default: BUILT_IN_TARGETS.map(({ name }) => name).join(',') },
    minutes: { type: 'string', default: '10' },
    rate: { type: 'string', default: '2000' },
    together: { type: 'string', default: '1' },
  },
});

/**
 * MB a minute, at 2,000/s. The least that could be kept of a message is a slot of 8 bytes to an object of 24: at
 * 120,000 messages a minute 3.8 MB. So this is under half a leak of one object a message, and over what the heap's
 * own sawtooth makes of the median slope (up to 0.6 was seen).
 */
const MOST_MB_PER_MINUTE = 2;
/** How long a process may take to end by itself, when it has nothing more to do. */
const END_WITHIN_MS = 10_000;

const scenario = parseScenario(
  `name: soak
workload: stream
contract: leader-acked
messages: { size: 1KiB, keys: { count: 10000, distribution: uniform } }
topology: { partitions: 4, subscriptions: [main] }
load:
  phases:
    - { name: soak, rate: ${values.rate}/s, for: ${values.minutes}min }
drain: { timeout: 60s, quiet: 1s }
`,
  'bench/soak.ts',
);
const sources = { configured: [], configure: () => [], running: await runningBrokers() };
await using embedded = await startEmbedded(resolveTargets(values.target.split(','), sources));

console.log(
  '| target | verdict | minutes | attempted | delivered | lost | dup | backlog | RSS MB | MB/min | sockets | handles | ended by itself | left on the broker | |',
);
console.log('|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|');
const waiting = [...embedded.targets];
const soakOneByOne = async (): Promise<void> => {
  for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) await soak(target);
};
await Promise.all(Array.from({ length: Number(values.together) }, soakOneByOne));

async function soak(target: Target): Promise<void> {
  const file = fileURLToPath(new URL('./loops/soaked.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    ['--no-warnings', '--single-threaded-gc', file, JSON.stringify({ target, scenario })],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exit = once(child, 'exit');
  let output = '';
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (output.endsWith('\n')) break;
  }
  const ended = await Promise.race([exit.then(() => true), sleep(END_WITHIN_MS, false, { ref: false })]);
  if (!ended) child.kill('SIGKILL');
  if (output === '') {
    row([target.name, 'no report: see above', ...Array.from({ length: 12 }, () => '-'), '**failed**']);
    process.exitCode = 1;
    return;
  }
  tell(JSON.parse(output) as Soaked, ended);
}

function tell(soaked: Soaked, ended: boolean): void {
  const { openSockets, activeResources, leftBehind, slopeMbPerMinute, lost } = soaked;
  const clean = openSockets <= 0 && activeResources.length === 0 && leftBehind.length === 0 && ended;
  const fine = clean && slopeMbPerMinute <= MOST_MB_PER_MINUTE && lost === 0;
  if (!fine) process.exitCode = 1;
  row([
    soaked.target,
    soaked.verdict,
    (soaked.seconds / 60).toFixed(1),
    soaked.attempted.toLocaleString('en-US'),
    soaked.delivered.toLocaleString('en-US'),
    String(lost),
    String(soaked.duplicates),
    String(soaked.backlog),
    soaked.rssMb.map((mb) => mb.toFixed(0)).join(' → '),
    slopeMbPerMinute.toFixed(2),
    String(openSockets),
    activeResources.join(' ') || '0',
    ended ? 'yes' : 'no',
    leftBehind.join(' ') || 'nothing',
    fine ? 'ok' : '**failed**',
  ]);
}

function row(cells: readonly string[]): void {
  console.log(`| ${cells.join(' | ')} |`);
}
