import { Command } from 'commander';
import { runningBrokers } from '../brokers/index.ts';
import { driverNamed } from '../drivers/index.ts';
import { defaultTargets, isEmbedded, resolveTargets } from '../targets/index.ts';
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
  for (const target of resolveTargets(names ?? defaults.targets ?? defaultTargets(sources), sources)) {
    const module = driverNamed(target.driver);
    if (module === undefined) continue;
    if (isEmbedded(target)) {
      process.stderr.write(`${target.name}: embedded, its broker went with its campaign\n`);
      continue;
    }
    await using driver = await module.connect(target.config, signal);
    const deleted = await driver.deleteLeftovers(PREFIX);
    for (const name of deleted) process.stdout.write(`${target.name}: deleted ${name}\n`);
    process.stderr.write(
      `${target.name}: ${deleted.length === 0 ? 'nothing was left' : `deleted ${deleted.length}`}\n`,
    );
  }
}
