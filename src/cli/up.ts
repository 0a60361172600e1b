import { Command } from 'commander';
import ora from 'ora';
import {
  brokerNamed,
  prerequisites,
  providerNamed,
  runningBrokers,
  startBroker,
  type BrokerName,
  type Prerequisite,
  type Provider,
  type RunningBroker,
} from '../brokers/index.ts';
import { UserError } from '../user-error.ts';
import { wholeNumber } from './arguments.ts';
import type { CliContext } from './context.ts';

interface UpFlags {
  readonly provider?: Provider;
  readonly portOffset?: number;
  readonly timeout: number;
}

export function upCommand(context: CliContext): Command {
  return new Command('up')
    .argument('[brokers...]', 'kafka, rabbitmq, elasticmq (default: all that can run here)')
    .option('--provider <name>', 'native or docker (default: native where it can run)', providerNamed)
    .option('--port-offset <n>', 'move every port up by this', wholeNumber(0, 65_535))
    .option('--timeout <seconds>', 'how long a broker may take to be ready', wholeNumber(1, 3600), 90)
    .addHelpText(
      'after',
      '\nEverything listens on 127.0.0.1 only. `mqbench down` stops it and deletes its data.',
    )
    .action((names: readonly string[], flags: UpFlags) => up(names, flags, context));
}

async function up(names: readonly string[], flags: UpFlags, { signal }: CliContext): Promise<void> {
  const wanted =
    names.length > 0 ? names.map((name) => brokerNamed(name).name) : await usableHere(flags.provider);
  const spinner = ora({ stream: process.stderr, discardStdin: false });
  try {
    for (const name of new Set(wanted)) {
      const beganMs = performance.now();
      const already = new Set((await runningBrokers()).map((broker) => broker.name));
      const broker = await startBroker(name, {
        provider: flags.provider,
        portOffset: flags.portOffset,
        readyTimeoutSeconds: flags.timeout,
        signal,
        onProgress: (text) => void spinner.start(text),
      });
      spinner.stop();
      const how = already.has(name) ? 'is already running' : `is ready (${secondsSince(beganMs)} s)`;
      process.stdout.write(`${sentence(broker, how)}\n`);
    }
  } finally {
    spinner.stop();
  }
}

/** Starting everything means everything that can be started, as long as that is something. */
async function usableHere(provider: Provider | undefined): Promise<readonly BrokerName[]> {
  const checks = (await prerequisites()).filter(
    (each) => provider === undefined || each.provider === provider,
  );
  const usable = checks.filter((each) => each.usable).map((each) => brokerNamed(each.broker).name);
  if (usable.length > 0) return usable;
  throw new UserError('no broker can run here', {
    code: 'up.nothing-usable',
    exitCode: 3,
    hint: checks.map(remedyLine).join('\n'),
  });
}

function remedyLine({ broker, provider, detail, remedy }: Prerequisite): string {
  return `${broker}, ${provider}: ${detail}; ${remedy ?? ''}`;
}

function sentence({ name, version, provider, ports }: RunningBroker, how: string): string {
  return `${name} ${version} (${provider}) ${how} on 127.0.0.1:${ports['broker']}`;
}

function secondsSince(beganMs: number): string {
  return ((performance.now() - beganMs) / 1000).toFixed(1);
}
