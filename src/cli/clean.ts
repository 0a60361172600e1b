import { Command } from 'commander';
import { remainsOfBrokers, runningBrokers, type Remains, type RunningBroker } from '../brokers/index.ts';
import { driverNamed } from '../drivers/index.ts';
import { BUILT_IN_TARGETS, defaultTargets, isEmbedded, resolveTargets } from '../targets/index.ts';
import { list } from './arguments.ts';
import type { CliContext } from './context.ts';
import { loadWorkspace } from './sources.ts';

/** How everything begins that mqbench creates on a broker. */
const PREFIX = 'mqbench.';

export function cleanCommand({ signal }: CliContext): Command {
  return new Command('clean')
    .option('-t, --target <names>', 'targets, separated by commas', list)
    .addHelpText(
      'after',
      `\nDeletes what is named ${PREFIX}… and nothing else. Not while a campaign runs there.`,
    )
    .action((flags: { readonly target?: readonly string[] }) => clean(flags.target, signal));
}

async function clean(names: readonly string[] | undefined, signal: AbortSignal): Promise<void> {
  const { defaults, ...workspace } = await loadWorkspace();
  const sources = { ...workspace, running: await runningBrokers() };
  const remains = await remainsOfBrokers();
  for (const target of resolveTargets(names ?? defaults.targets ?? defaultTargets(sources), sources)) {
    const module = driverNamed(target.driver);
    if (module === undefined) continue;
    if (isEmbedded(target)) {
      process.stderr.write(`${target.name}: embedded, its broker went with its campaign\n`);
      continue;
    }
    const isOwn = workspace.configured.includes(target.name);
    const gone = isOwn ? undefined : goneBroker(target.name, sources.running, remains);
    if (gone !== undefined) {
      // what answers at its usual port is another one, and perhaps somebody else's
      process.stderr.write(
        `${target.name}: its broker is not running (${gone.why}); mqbench down ${gone.broker} deletes it, and all that is on it\n`,
      );
      process.exitCode = 3;
      continue;
    }
    await using driver = await module.connect(target.config, signal);
    const deleted = await driver.deleteLeftovers(PREFIX);
    const where = driver.server.address === undefined ? '' : ` at ${driver.server.address}`;
    for (const name of deleted) process.stdout.write(`${target.name}: deleted ${name}\n`);
    process.stderr.write(
      `${target.name}${where}: ${deleted.length === 0 ? 'nothing was left' : `deleted ${deleted.length}`}\n`,
    );
  }
}

/** The broker of a built-in target that `mqbench up` had started and that does not run any more. */
function goneBroker(
  target: string,
  running: readonly RunningBroker[],
  remains: readonly Remains[],
): Remains | undefined {
  const broker = BUILT_IN_TARGETS.find(({ name }) => name === target)?.broker;
  if (running.some(({ name }) => name === broker)) return undefined;
  return remains.find((each) => each.broker === broker && each.why !== 'data kept');
}
