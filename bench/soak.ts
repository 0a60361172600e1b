import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
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
 * 120,000 messages a minute 3.8 MB. So this is about half a leak of one object a message.
 */
const MOST_MB_PER_MINUTE = 2;
/**
 * The heaps of all threads are kept small, since V8 lets garbage lie while there is memory: 10 minutes on NATS, of
 * which 25 to 35 MB were alive after each full collection, grew from 498 to 736 MB with the heaps of a machine of
 * 24 GB. With --trace-gc the process tells what is alive after each full collection.
 */
const NODE_FLAGS = [
  '--max-old-space-size=128',
  '--max-semi-space-size=4',
  '--single-threaded-gc',
  '--trace-gc',
];
/**
 * One pool for what is not V8's: glibc makes up to eight a CPU, in which what was freed lies in pieces. With them, two
 * runs of RabbitMQ with the same heaps alive went from 289 to 282 and from 277 to 295 MB.
 */
const ENVIRONMENT = { ...process.env, MALLOC_ARENA_MAX: '1' };
/** `[1:0x7f1c10001000]   126668 ms: Mark-Compact 38.4 (42.7) -> 23.8 (40.4) MB, …` */
const FULL_COLLECTION = /^\[\d+:(0x[0-9a-f]+)\].*Mark-Compact.* -> ([\d.]+) /;
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
  '| target | verdict | minutes | attempted | not acknowledged | delivered | lost | dup | backlog | RSS MB | MB/min | alive MB, by thread | sockets | handles | ended by itself | left on the broker | |',
);
console.log('|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|');
const waiting = [...embedded.targets];
const soakOneByOne = async (): Promise<void> => {
  for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) await soak(target);
};
await Promise.all(Array.from({ length: Number(values.together) }, soakOneByOne));

async function soak(target: Target): Promise<void> {
  const file = fileURLToPath(new URL('./loops/soaked.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    ['--no-warnings', ...NODE_FLAGS, file, JSON.stringify({ target, scenario })],
    { stdio: ['ignore', 'pipe', 'inherit'], env: ENVIRONMENT },
  );
  const exit = once(child, 'exit');
  let output = '';
  /** by heap, MB after each full collection */
  const alive = new Map<string, number[]>();
  for await (const line of createInterface(child.stdout)) {
    const [, heap, mb] = FULL_COLLECTION.exec(line) ?? [];
    if (heap !== undefined) alive.set(heap, [...(alive.get(heap) ?? []), Number(mb)]);
    if (!line.startsWith('{')) continue;
    output = line;
    break;
  }
  const ended = await Promise.race([exit.then(() => true), sleep(END_WITHIN_MS, false, { ref: false })]);
  if (!ended) child.kill('SIGKILL');
  if (output === '') {
    row([target.name, 'no report: see above', ...Array.from({ length: 14 }, () => '-'), '**failed**']);
    process.exitCode = 1;
    return;
  }
  tell(JSON.parse(output) as Soaked, [...alive.values()], ended);
}

function tell(soaked: Soaked, alive: readonly (readonly number[])[], ended: boolean): void {
  const { openSockets, activeResources, leftBehind, slopeMbPerMinute, lost } = soaked;
  const clean = openSockets <= 0 && activeResources.length === 0 && leftBehind.length === 0 && ended;
  const fine = clean && slopeMbPerMinute <= MOST_MB_PER_MINUTE && lost === 0;
  if (!fine) process.exitCode = 1;
  row([
    soaked.target,
    soaked.verdict,
    (soaked.seconds / 60).toFixed(1),
    soaked.attempted.toLocaleString('en-US'),
    String(soaked.notAcknowledged),
    soaked.delivered.toLocaleString('en-US'),
    String(lost),
    String(soaked.duplicates),
    String(soaked.backlog),
    soaked.rssMb.map((mb) => mb.toFixed(0)).join(' → '),
    slopeMbPerMinute.toFixed(2),
    alive.map((heap) => `${leastOf(heap, 'first')} → ${leastOf(heap, 'last')}`).join(', ') || '-',
    String(openSockets),
    activeResources.join(' ') || '0',
    ended ? 'yes' : 'no',
    leftBehind.join(' ') || 'nothing',
    fine ? 'ok' : '**failed**',
  ]);
}

/** Of the first or the last half of the collections, the least: what was alive while least was under way. */
function leastOf(heap: readonly number[], half: 'first' | 'last'): string {
  const cut = Math.ceil(heap.length / 2);
  return Math.min(...(half === 'first' ? heap.slice(0, cut) : heap.slice(-cut))).toFixed(0);
}

function row(cells: readonly string[]): void {
  console.log(`| ${cells.join(' | ')} |`);
}
