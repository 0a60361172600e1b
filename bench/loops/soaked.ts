import { readdir, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { driverNamed } from '../../src/drivers/index.ts';
import { runSingleTrial } from '../../src/run/index.ts';
import type { Scenario, Target } from '../../src/scenario/index.ts';
import { theilSenSlope } from '../../src/stats/index.ts';
import type { Soaked } from './soak-report.ts';

const SAMPLE_EVERY_MS = 1000;
/** How long a socket may take to leave the lists: fetch keeps one for the next request, 4 s by default in undici. */
const SETTLE_MS = 6000;

/** One trial of so many minutes, and what is left of it: in this process, and on the broker. */
const [text] = process.argv.slice(2);
if (text === undefined) throw new Error('a target and a scenario as JSON are expected');
const { target, scenario } = JSON.parse(text) as { target: Target; scenario: Scenario };

const rssMb: number[] = [];
const sampler = setInterval(() => rssMb.push(process.memoryUsage.rss() / 1e6), SAMPLE_EVERY_MS);
// opened by its first use
process.stdout.on('error', () => {});
const socketsBefore = await openSockets();
const resourcesBefore = resources();
let topic = '';
const { trial } = await runSingleTrial(
  {
    scenario,
    target,
    seed: 1,
    maxExamples: 48,
    beforeCleanup: (name) => {
      topic = name;
      // what follows is the closing, and no load
      clearInterval(sampler);
      return Promise.resolve();
    },
  },
  new AbortController().signal,
);
await sleep(SETTLE_MS);
const steady = rssMb.slice(Math.ceil(rssMb.length / 3));
// garbage only adds to it, so the least of each minute is nearest to what is kept
const floors = inMinutes(steady).map((minute) => Math.min(...minute));
const report: Soaked = {
  target: target.name,
  verdict: trial.verdict,
  seconds: rssMb.length,
  attempted: trial.ledger.attempted,
  notAcknowledged: trial.ledger.attempted - trial.ledger.acknowledged,
  delivered: trial.ledger.delivered,
  lost: trial.ledger.lost,
  duplicates: trial.ledger.duplicates,
  backlog: trial.ledger.backlog,
  rssMb: [floors.at(0) ?? 0, floors.at(-1) ?? 0],
  slopeMbPerMinute: theilSenSlope(floors),
  openSockets: (await openSockets()) - socketsBefore,
  activeResources: minus(resources(), resourcesBefore),
  leftBehind: await leftBehind(),
};
process.stdout.write(`${JSON.stringify(report)}\n`);

/** Full ones, of the samples' end. */
function inMinutes(samples: readonly number[]): readonly (readonly number[])[] {
  const each = 60_000 / SAMPLE_EVERY_MS;
  const full = Math.floor(samples.length / each);
  const first = samples.length - full * each;
  return Array.from({ length: full }, (_, minute) =>
    samples.slice(first + minute * each, first + (minute + 1) * each),
  );
}

/** Of all threads: they share the table of files. */
async function openSockets(): Promise<number> {
  const files = await readdir('/proc/self/fd');
  const links = await Promise.all(files.map((file) => readlink(`/proc/self/fd/${file}`).catch(() => '')));
  return links.filter((link) => link.startsWith('socket:')).length;
}

/** Of this thread; those of the agents have ended with them, or runTrial would not have returned. */
function resources(): string[] {
  return process.getActiveResourcesInfo();
}

function minus(these: readonly string[], those: readonly string[]): readonly string[] {
  const rest = [...those];
  return these.filter((each) => {
    const at = rest.indexOf(each);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

/** Asked of the broker itself over a new connection: topics, queues, groups, streams and keys of the trial. */
async function leftBehind(): Promise<readonly string[]> {
  const module = driverNamed(target.driver);
  if (module === undefined) throw new Error(`no driver ${target.driver}`);
  const life = new AbortController();
  await using driver = await module.connect(module.configSchema.parse(target.config), life.signal);
  const left = await driver.deleteLeftovers(topic);
  life.abort();
  return left;
}
