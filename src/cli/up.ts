import { Command } from 'commander';
import ora from 'ora';
import {
  brokerNamed,
  brokerNames,
  countOfNodes,
  prerequisites,
  providerNamed,
  requireNodes,
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
  readonly nodes?: number;
  readonly timeout: number;
}

export function upCommand(context: CliContext): Command {
  return new Command('up')
    .argument('[brokers...]', `${brokerNames.join(', ')} (default: all that can run here)`)
    .option('--provider <name>', 'native or docker (default: native where it can run)', providerNamed)
    .option('--port-offset <n>', 'move every port up by this', wholeNumber(0, 65_535))
    .option('--nodes <n>', '1, or 3 for a cluster (kafka, rabbitmq; default: 1)', wholeNumber(1, 99))
    .option('--timeout <seconds>', 'how long a broker may take to be ready', wholeNumber(1, 3600), 90)
    .addHelpText(
      'after',
      '\nEverything listens on 127.0.0.1 only. `mqbench down` stops it and deletes its data.',
    )
    .action((names: readonly string[], flags: UpFlags) => up(names, flags, context));
}

async function up(names: readonly string[], flags: UpFlags, { signal }: CliContext): Promise<void> {
  const wanted = names.length > 0 ? names.map((name) => brokerNamed(name).name) : await usableHere(flags);
  for (const name of wanted) requireNodes(brokerNamed(name), flags);
  const spinner = ora({ stream: process.stderr, discardStdin: false });
  try {
    for (const name of new Set(wanted)) {
      const beganMs = performance.now();
      const already = new Set((await runningBrokers()).map((broker) => broker.name));
      const broker = await startBroker(name, {
        provider: flags.provider,
        portOffset: flags.portOffset,
        nodes: flags.nodes,
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

/** Starting everything means everything that can be started as it is asked for, as long as that is something. */
async function usableHere({ provider, nodes = 1 }: UpFlags): Promise<readonly BrokerName[]> {
  const checks = (await prerequisites()).filter(
    (each) =>
      (provider === undefined || each.provider === provider) &&
      (nodes === 1 || brokerNamed(each.broker).cluster !== undefined),
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

/** `kafka 4.1.0 (native, 3 nodes) is ready (12.3 s) on 127.0.0.1:9092, 9192, 9292` */
function sentence({ name, version, provider, nodes }: RunningBroker, how: string): string {
  const alive = nodes.filter(({ condition }) => condition === 'alive' || condition === 'paused');
  const count = alive.length === nodes.length ? '' : `${alive.length} of `;
  const what = nodes.length === 1 ? provider : `${provider}, ${count}${countOfNodes(nodes.length)}`;
  const ports = alive.map((node) => node.ports['broker']).join(', ');
  return `${name} ${version} (${what}) ${how} on 127.0.0.1:${ports}`;
}

function secondsSince(beganMs: number): string {
  return ((performance.now() - beganMs) / 1000).toFixed(1);
}
