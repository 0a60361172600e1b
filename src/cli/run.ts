import { Command } from 'commander';
import type { Result } from '../result/index.ts';
import { runCampaign } from '../run/index.ts';
import {
  CONTRACTS,
  scaled,
  shortened,
  underContracts,
  type Contract,
  type Scenario,
} from '../scenario/index.ts';
import { UserError } from '../user-error.ts';
import { duration, factor, listOf, wholeNumber } from './arguments.ts';
import { campaignFlags, type CampaignFlags } from './campaign-flags.ts';
import type { CliContext } from './context.ts';
import { ProgressLine } from './progress.ts';
import { loadScenarios, loadWorkspace } from './sources.ts';
import { narrate, perform, present, setStage } from './stage.ts';

interface RunFlags extends CampaignFlags {
  readonly contract?: readonly Contract[];
  readonly repeats?: number;
  readonly scale?: number;
  readonly atMost?: number;
}

export function runCommand(context: CliContext): Command {
  const command = new Command('run')
    .argument('[scenarios...]', 'paths, or names of `mqbench list scenarios`')
    .option(
      '-c, --contract <names>',
      "promises to run under, instead of the scenario's; of several, what each costs is told",
      listOf(CONTRACTS),
    )
    .option('-r, --repeats <n>', 'trials of each scenario on each target (default: 1)', wholeNumber(1, 1000))
    .option('--scale <factor>', 'so many times the rates of the scenario (default: 1)', factor(1e-3, 1e4))
    .option(
      '--at-most <duration>',
      'shorten the load of a scenario, and all its times with it: a look, not a measurement',
      duration(1),
    );
  return campaignFlags(command).action((scenarios: readonly string[], flags: RunFlags) =>
    run(scenarios, flags, context),
  );
}

async function run(names: readonly string[], flags: RunFlags, { signal }: CliContext): Promise<void> {
  const workspace = await loadWorkspace();
  const { defaults } = workspace;
  const families = await loadScenarios(names.length > 0 ? names : [defaults.scenario ?? 'steady-state']);
  const scenarios = families
    .flatMap((family) => family.scenarios)
    .map((each) => shortened(scaled(each, flags.scale ?? 1), flags.atMost ?? Infinity))
    .flatMap((each) => underContracts(each, flags.contract ?? [each.contract]));
  refuseNamesakes(scenarios);
  const repeats = flags.repeats ?? defaults.repeats ?? 1;
  const progress = new ProgressLine();
  await using stage = await setStage(flags, workspace, { scenarios, repeats }, progress, signal);
  const outcome = await perform(
    runCampaign({ ...stage.options, scenarios, repeats }, narrate(progress), signal),
    progress,
  );
  process.exitCode = exitCode(await present(outcome, flags));
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

/** What is wrong comes before what is broken, and that before what is merely unclear. */
function exitCode({ trials, failures, refusals, interrupted }: Result): number {
  if (interrupted) return 130;
  // a trial that failed is told by that, and not by checks that nobody could make of it
  const wrong = trials.filter(({ verdict }) => verdict !== 'failed');
  if (wrong.some(({ verdict, checks }) => verdict === 'incorrect' || checks.some(({ passed }) => !passed)))
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
