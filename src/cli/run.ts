import { Command } from 'commander';
import {
  brokerNamed,
  providerNamed,
  requireNodes,
  runningBrokers,
  startBroker,
  stopBroker,
  type Provider,
} from '../brokers/index.ts';
import { markdownReport, terminalReport, formatSpan } from '../report/index.ts';
import type { Result } from '../result/index.ts';
import { runCampaign } from '../run/index.ts';
import { CONTRACTS, underContracts, type Contract, type Scenario } from '../scenario/index.ts';
import {
  BUILT_IN_TARGETS,
  brokerFaults,
  brokerObserver,
  defaultTargets,
  resolveTargets,
  startEmbedded,
} from '../targets/index.ts';
import { UserError } from '../user-error.ts';
import { requireConsent } from './billed-requests.ts';
import { loadClient } from './clients.ts';
import type { CliContext } from './context.ts';
import { packageVersion } from './package.ts';
import { ProgressLine } from './progress.ts';
import { folder, list, listOf, wholeNumber } from './arguments.ts';
import { loadScenarios, loadWorkspace } from './sources.ts';

interface RunFlags {
  readonly target?: readonly string[];
  readonly contract?: readonly Contract[];
  readonly repeats?: number;
  readonly seed?: number;
  readonly out?: string;
  readonly up?: true;
  readonly nodes?: number;
  readonly provider?: Provider;
  readonly strictContract?: true;
  readonly yes?: true;
  readonly json?: true;
}

export function runCommand(context: CliContext): Command {
  return new Command('run')
    .argument('[scenarios...]', 'paths, or names of `mqbench list scenarios`')
    .option('-t, --target <names>', 'targets, separated by commas', list)
    .option(
      '-c, --contract <names>',
      "promises to run under, instead of the scenario's; of several, what each costs is told",
      listOf(CONTRACTS),
    )
    .option('-r, --repeats <n>', 'trials of each scenario on each target (default: 1)', wholeNumber(1, 1000))
    .option('--seed <n>', 'draws arrivals and keys (default: 1)', wholeNumber(0, 2 ** 32))
    .option('-o, --out <dir>', 'where campaigns are kept (default: results)', folder)
    .option('--up', 'start the brokers that the targets need, and stop them afterwards')
    .option('--provider <name>', 'with --up: native or docker', providerNamed)
    .option('--nodes <n>', 'with --up: 1, or 3 for a cluster (default: 1)', wholeNumber(1, 99))
    .option('--strict-contract', 'refuse a broker that gives more than the contract asks')
    .option('--yes', 'make requests that a provider bills')
    .option('--json', 'print result.json instead of the table')
    .action((scenarios: readonly string[], flags: RunFlags) => run(scenarios, flags, context));
}

async function run(names: readonly string[], flags: RunFlags, { signal }: CliContext): Promise<void> {
  for (const [name, value] of Object.entries({ provider: flags.provider, nodes: flags.nodes })) {
    if (value !== undefined && flags.up !== true) throw withoutUp(`--${name} ${value}`, `--${name}`);
  }
  const { defaults, ...workspace } = await loadWorkspace();
  const found = await loadScenarios(names.length > 0 ? names : [defaults.scenario ?? 'steady-state']);
  const scenarios = found
    .flatMap((family) => family.scenarios)
    .flatMap((each) => underContracts(each, flags.contract ?? [each.contract]));
  refuseNamesakes(scenarios);
  const progress = new ProgressLine();
  const before = { ...workspace, running: await runningBrokers() };
  const wanted = flags.target ?? defaults.targets ?? defaultTargets(before);
  // a misspelt target, or a client that cannot run here, is told before a broker is started
  const resolved = resolveTargets(wanted, before);
  for (const target of resolved) await loadClient(target);
  const repeats = flags.repeats ?? defaults.repeats ?? 1;
  const consent = flags.yes === true ? 'given' : 'not given';
  for (const line of requireConsent(resolved, { scenarios, repeats }, consent)) progress.note(line);
  await using _brokers = flags.up === true ? await bringUp(wanted, flags, progress, signal) : nothing;
  const sources = { ...workspace, running: await runningBrokers() };
  const targets = resolveTargets(wanted, sources);
  await using embedded = await startEmbedded(targets);
  const outcome = await runCampaign(
    {
      scenarios,
      targets: embedded.targets,
      repeats,
      seed: flags.seed ?? defaults.seed ?? 1,
      out: flags.out ?? defaults.out ?? 'results',
      contracts: flags.strictContract === true ? 'exact' : 'at least',
      version: packageVersion(),
      observer: brokerObserver(targets, sources.running),
      faults: brokerFaults(sources.running),
    },
    {
      preflightPassed: () => undefined,
      refused: ({ scenario, target, error }) =>
        progress.note(`${scenario} is not run on ${target}: ${error.message}`),
      trialStarted: (plan, of) => progress.trialStarted(plan, of),
      progress: (update) => progress.update(update),
      trialEnded: (trial) => {
        const name = `[${trial.position}] ${trial.scenario} on ${trial.target} #${trial.repeat}`;
        progress.note(`${name}: ${trial.verdict}, drained in ${formatSpan(trial.drain.seconds)}`);
      },
      trialFailed: (plan, error) => {
        const hint = error instanceof UserError && error.hint !== undefined ? ` (${error.hint})` : '';
        progress.note(`[${plan.position}] ${plan.target}: failed: ${error.message}${hint}`);
      },
    },
    signal,
  ).finally(() => progress.stop());
  const { result, store, directory } = outcome;
  await store.write('report.md', markdownReport(result));
  process.stdout.write(flags.json === true ? `${JSON.stringify(result, null, 1)}\n` : terminalReport(result));
  const kept =
    result.trials.length > 0 ? 'result.json, report.md and a .hlog a trial' : 'result.json and report.md';
  process.stderr.write(`\n${directory}: ${kept}\n`);
  process.exitCode = exitCode(result);
}

function withoutUp(given: string, flag: string): UserError {
  return new UserError(`${given} says how --up starts brokers, and there is no --up`, {
    code: 'run.without-up',
    exitCode: 2,
    hint: `add --up, or leave ${flag} out`,
  });
}

/** Results are told apart by the names of their scenarios. */
function refuseNamesakes(scenarios: readonly Scenario[]): void {
  const names = scenarios.map((scenario) => scenario.name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return;
  throw new UserError(`two scenarios are named "${twice}"`, {
    code: 'run.namesakes',
    exitCode: 2,
    hint: 'give one of them another "name:", or use --repeats to run a scenario several times',
  });
}

const nothing: AsyncDisposable = { [Symbol.asyncDispose]: async () => {} };

/** Starts the brokers of built-in targets that are not running yet; disposing stops just those. */
async function bringUp(
  targets: readonly string[],
  flags: RunFlags,
  progress: ProgressLine,
  signal: AbortSignal,
): Promise<AsyncDisposable> {
  const needed = new Set(
    BUILT_IN_TARGETS.filter(({ name }) => targets.includes(name)).flatMap(({ broker }) => broker ?? []),
  );
  const { provider, nodes } = flags;
  for (const name of needed) requireNodes(brokerNamed(name), { provider, nodes });
  const running = new Set((await runningBrokers()).map((broker) => broker.name));
  const started: string[] = [];
  const stopAll = async (): Promise<void> => {
    for (const name of started.splice(0).toReversed()) await stopBroker(name, { data: 'delete' });
  };
  try {
    for (const name of needed) {
      const onProgress = (text: string): void => progress.note(`${name}: ${text}`);
      // one that runs is used, or refused where it is of another number of nodes
      if (running.has(name)) await startBroker(name, { nodes, signal, onProgress: () => undefined });
      else {
        await startBroker(name, { provider, nodes, signal, onProgress });
        started.push(name);
      }
    }
  } catch (error) {
    await stopAll();
    throw error;
  }
  return { [Symbol.asyncDispose]: stopAll };
}

/** What is wrong comes before what is broken, and that before what is merely unclear. */
function exitCode({ trials, failures, refusals, interrupted }: Result): number {
  if (interrupted) return 130;
  if (trials.some((trial) => trial.verdict === 'incorrect' || trial.checks.some((check) => !check.passed)))
    return 1;
  if (
    refusals.length > 0 ||
    failures.length > 0 ||
    trials.length === 0 ||
    trials.some((trial) => trial.verdict === 'failed')
  )
    return 3;
  return trials.some((trial) => trial.verdict === 'client-limited') ? 4 : 0;
}
