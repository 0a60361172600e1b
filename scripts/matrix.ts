/**
 * Runs every scenario on every built-in target, shortened, and writes down in docs/scenario-matrix.md what ran, what
 * was refused and what did not hold. Targets of one broker share it, two at most; campaigns run at the same time, so
 * that nothing of it tells how fast a broker is.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { libraryDirectory } from '../src/brokers/home.ts';
import { resultSchema, type Result } from '../src/result/index.ts';
import { listScenarios, loadScenarios } from '../src/scenario/index.ts';
import { BUILT_IN_TARGETS } from '../src/targets/index.ts';
import { matrixPage } from './scenario-matrix.ts';

const MQBENCH = fileURLToPath(new URL('../bin/mqbench.js', import.meta.url));
const PAGE = new URL('../docs/scenario-matrix.md', import.meta.url);
/** How long loads may be. */
const AT_MOST = '3s';
/**
 * Of those that need more: a sale has a thousand buyers, whatever dies meanwhile, and of a few orders none is lost.
 * Those of the same length share a campaign, of which something has to run on every target.
 */
const LONGER: Readonly<Record<string, string>> = {
  'oversell-calm': '8s',
  'oversell-broker-dies': '20s',
  'dual-write-naive': '20s',
};
const AT_ONCE = 6;
/** Of a broker; the next ones get another of its kind, since its faults are for all who use it. */
const TARGETS_OF_A_BROKER = 2;
const PORT_OFFSET = 200;
/** of mqbench: something was found, or something could not be run; the result tells */
const TOLD = new Set([0, 1, 3, 4]);

const started = performance.now();
const scenarios = await names();
const results = (await inParallel(lanes(), AT_ONCE, campaigns)).flat();
const minutes = ((performance.now() - started) / 60_000).toFixed(0);
const longer = Object.entries(LONGER)
  .map(([name, atMost]) => `${name} to ${atMost}`)
  .join(', ');
const about = `Written by \`npm run matrix\` on ${new Date().toISOString().slice(0, 10)} in ${minutes} minutes: the load of each scenario is shortened to ${AT_MOST} (\`--at-most\`; ${longer}), and ${AT_ONCE} campaigns share the machine, so that none of it tells how fast a broker is. \`dual-write-naive\` is meant to be broken: it shows that a loss is seen.`;
await writeFile(PAGE, matrixPage(results, about));

/** Targets that share a broker of their own. */
interface Lane {
  readonly targets: readonly string[];
  /** undefined: it lives in mqbench */
  readonly broker: string | undefined;
  readonly portOffset: number;
}

/** Those first that take the longest. */
function lanes(): readonly Lane[] {
  const serverOf = ({ broker, driver }: (typeof BUILT_IN_TARGETS)[number]): string => broker ?? driver;
  return [...new Set(BUILT_IN_TARGETS.map(serverOf))]
    .flatMap((server) => {
      const own = BUILT_IN_TARGETS.filter((each) => serverOf(each) === server);
      return Array.from({ length: Math.ceil(own.length / TARGETS_OF_A_BROKER) }, (_, index) => ({
        targets: own
          .slice(index * TARGETS_OF_A_BROKER, (index + 1) * TARGETS_OF_A_BROKER)
          .map(({ name }) => name),
        broker: own[0]?.broker,
        portOffset: index * PORT_OFFSET,
      }));
    })
    .toSorted((a, b) => b.targets.length - a.targets.length);
}

/** Of every scenario that ships, its variants one by one. */
async function names(): Promise<readonly string[]> {
  const places = { cwd: '/', shippedDirectory: fileURLToPath(new URL('../scenarios', import.meta.url)) };
  const files = await listScenarios(places);
  const families = await Promise.all(files.map(({ name }) => loadScenarios(name, places)));
  return families.flatMap((family) => family.scenarios.map(({ name }) => name));
}

/** One trial of each scenario on each target of a lane, as campaigns one after the other, on a broker in a home of its own. */
async function campaigns({ targets, broker, portOffset }: Lane): Promise<readonly Result[]> {
  const home = await mkdtemp(join(tmpdir(), 'mqbench-matrix-'));
  const environment = { ...process.env, MQBENCH_LIB: libraryDirectory(), MQBENCH_HOME: home };
  try {
    if (broker !== undefined) await output(['up', broker, '--port-offset', String(portOffset)], environment);
    const results: Result[] = [];
    for (const atMost of new Set([AT_MOST, ...Object.values(LONGER)])) {
      const own = scenarios.filter((name) => (LONGER[name] ?? AT_MOST) === atMost);
      const flags = ['--target', targets.join(), '--at-most', atMost, '--json', '--out', home];
      results.push(resultSchema.parse(JSON.parse(await output(['run', ...own, ...flags], environment))));
      process.stderr.write(`${targets.join()}: ${own.length} scenarios done\n`);
    }
    return results;
  } finally {
    if (broker !== undefined) await output(['down', broker], environment);
    await rm(home, { recursive: true });
  }
}

async function output(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [MQBENCH, ...args], {
      env: environment,
      maxBuffer: 1024 ** 3,
    });
    return stdout;
  } catch (error) {
    const { code, stdout } = error as { readonly code?: unknown; readonly stdout?: string };
    if (typeof code === 'number' && TOLD.has(code) && stdout !== undefined && stdout !== '') return stdout;
    throw error;
  }
}

/** What comes of each item, in their order, so many at a time. */
async function inParallel<T, U>(
  items: readonly T[],
  atOnce: number,
  act: (item: T) => Promise<U>,
): Promise<U[]> {
  const results: U[] = [];
  const waiting = [...items.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, item] = next;
      results[index] = await act(item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
