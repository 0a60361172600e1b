import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runningBrokers } from '../src/brokers/index.ts';
import { readResult } from '../src/result/index.ts';

/**
 * RabbitMQ's own PerfTest beside mqbench, on the same broker at the same settings, in turns: one quorum
 * queue, 1 KiB, 1,000 unconfirmed, 500 prefetched, at fixed rates. Needs `mqbench up rabbitmq`, Java, Maven.
 */
const VERSION = '2.22.1';
const SECONDS = 20;
const ROUNDS = 3;
const RATES = [1000, 5000];

const run = promisify(execFile);
const broker = (await runningBrokers()).find((each) => each.name === 'rabbitmq');
if (broker === undefined) throw new Error('start it first: npx mqbench up rabbitmq');
const url = String(broker.connection['url']);
const jars = await fetchPerfTest();

console.log('| rate | round | tool | received msg/s | p50 ms | p99 ms |');
console.log('|---|---|---|---|---|---|');
for (const rate of RATES) {
  for (let round = 1; round <= ROUNDS; round++) {
    const tools = [
      ['PerfTest', perfTest],
      ['mqbench', mqbench],
    ] as const;
    for (const [name, measure] of round % 2 === 1 ? tools : tools.toReversed()) {
      const { perSecond, p50Ms, p99Ms } = await measure(rate);
      console.log(
        `| ${rate} | ${round} | ${name} | ${perSecond.toFixed(0)} | ${p50Ms.toFixed(2)} | ${p99Ms.toFixed(2)} |`,
      );
    }
  }
}

interface Figures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

async function perfTest(rate: number): Promise<Figures> {
  const settings = ['--quorum-queue', '--confirm', '1000', '--qos', '500', '--size', '1024'];
  const queue = `mqbench.perftest-${process.pid}`;
  const { stdout } = await run('java', [
    '-cp',
    `${jars}/*`,
    'com.rabbitmq.perf.PerfTest',
    '--uri',
    url,
    ...settings,
    '--time',
    String(SECONDS),
    '--rate',
    String(rate),
    '--queue',
    queue,
  ]);
  const received = /receiving rate avg: (\d+)/.exec(stdout);
  const latency = /consumer latency min\/median\/75th\/95th\/99th \d+\/(\d+)\/\d+\/\d+\/(\d+) µs\s*$/m.exec(
    stdout.slice(stdout.indexOf('receiving rate avg')),
  );
  if (received === null || latency === null) throw new Error(`PerfTest printed no summary:\n${stdout}`);
  return {
    perSecond: Number(received[1]),
    p50Ms: Number(latency[1]) / 1000,
    p99Ms: Number(latency[2]) / 1000,
  };
}

async function mqbench(rate: number): Promise<Figures> {
  const directory = await mkdtemp(join(tmpdir(), 'mqbench-perftest-'));
  try {
    const scenario = join(directory, 'perftest.yaml');
    await writeFile(
      scenario,
      `title: The settings of PerfTest
question: Do both tools tell the same of one broker?
workload: stream
contract: fsynced-acked
messages: { size: 1KiB, keys: { count: 1000, distribution: uniform } }
producers: { window: 1000 }
consumers: { window: 500 }
load:
  arrivals: uniform
  phases:
    - { name: steady, rate: ${rate}/s, for: ${SECONDS}s }
`,
    );
    const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
    const child = spawn(
      process.execPath,
      [main, 'run', scenario, '--target', 'rabbitmq', '--out', directory],
      {
        stdio: 'ignore',
      },
    );
    await once(child, 'exit');
    const campaign = (await readdir(directory, { withFileTypes: true })).find((entry) => entry.isDirectory());
    const result = await readResult(join(directory, campaign?.name ?? ''));
    const measured = result.trials[0]?.measured;
    const { p50Us, p99Us } = measured?.latency.endToEnd ?? {};
    return {
      perSecond: measured?.deliveredRate ?? NaN,
      p50Ms: (p50Us ?? NaN) / 1000,
      p99Ms: (p99Us ?? NaN) / 1000,
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** PerfTest is published to Maven; fetched once and kept beside the brokers. */
async function fetchPerfTest(): Promise<string> {
  const home = process.env['MQBENCH_LIB'] ?? join(homedir(), '.cache', 'mqbench', 'lib');
  const directory = join(home, `perf-test-${VERSION}`);
  await mkdir(directory, { recursive: true });
  if ((await readdir(directory)).some((name) => name.endsWith('.jar'))) return directory;
  const pom = join(directory, 'pom.xml');
  const dependency = `<dependency><groupId>com.rabbitmq</groupId><artifactId>perf-test</artifactId><version>${VERSION}</version></dependency>`;
  await writeFile(
    pom,
    `<project><modelVersion>4.0.0</modelVersion><groupId>mqbench</groupId><artifactId>perf-test</artifactId><version>1</version><dependencies>${dependency}</dependencies></project>`,
  );
  await run('mvn', ['-q', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${directory}`]);
  return directory;
}
