import { Command } from 'commander';
import ora from 'ora';
import { brokerNamed, remainsOfBrokers, runningBrokers, stopBroker } from '../brokers/index.ts';

interface DownFlags {
  readonly keepData?: true;
}

export function downCommand(): Command {
  return new Command('down')
    .argument('[brokers...]', 'kafka, rabbitmq, elasticmq (default: all that are running)')
    .option('--keep-data', 'keep the data for the next `mqbench up`')
    .addHelpText('after', '\nA broker that died, or did not start, has left its log: down deletes that too.')
    .action(down);
}

async function down(names: readonly string[], flags: DownFlags): Promise<void> {
  const wanted = names.length > 0 ? names.map((name) => brokerNamed(name).name) : await leftHere(flags);
  const spinner = ora({ stream: process.stderr, discardStdin: false });
  try {
    for (const name of new Set(wanted)) {
      spinner.start(`stopping ${name}`);
      const outcome = await stopBroker(name, { data: flags.keepData === true ? 'keep' : 'delete' });
      spinner.stop();
      process.stdout.write(outcome === 'stopped' ? `${name} is stopped\n` : `${name} was not running\n`);
    }
  } finally {
    spinner.stop();
  }
  if (wanted.length === 0) process.stderr.write('nothing is running\n');
}

/** What is not running is there to be deleted; with --keep-data it stays as it is. */
async function leftHere(flags: DownFlags): Promise<readonly string[]> {
  const running = (await runningBrokers()).map((broker) => broker.name);
  if (flags.keepData === true) return running;
  return [...running, ...(await remainsOfBrokers()).map((remains) => remains.broker)];
}
