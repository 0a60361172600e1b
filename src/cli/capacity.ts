import { Command, InvalidArgumentError, Option } from 'commander';
import { measureCapacity } from '../capacity/index.ts';
import type { Result } from '../result/index.ts';
import { parseCheck, peakRate, type Check, type Scenario } from '../scenario/index.ts';
import { UserError } from '../user-error.ts';
import { parseRatePerSecond, ValueError } from '../yaml/index.ts';
import { percent, wholeNumber } from './arguments.ts';
import { campaignFlags, type CampaignFlags } from './campaign-flags.ts';
import type { CliContext } from './context.ts';
import { ProgressLine } from './progress.ts';
import { loadScenarios, loadWorkspace } from './sources.ts';
import { narrate, perform, present, setStage } from './stage.ts';

/** What no broker on one machine comes near. */
const MOST_PER_SECOND = 1_000_000;

interface CapacityFlags extends CampaignFlags {
  readonly slo: readonly Check[];
  readonly repeats: number;
  readonly precision: number;
  readonly from: number;
  readonly to: number;
}

export function capacityCommand(context: CliContext): Command {
  const command = new Command('capacity')
    .argument('<scenario>', 'a path, or a name of `mqbench list scenarios`; its rates are varied')
    .requiredOption(
      '--slo <check>',
      "what has to hold, such as 'endToEnd.p99 <= 50ms'; may be given several times",
      objective,
    )
    .option(
      '-r, --repeats <n>',
      'trials on either side of the rate, of which most decide',
      wholeNumber(1, 99),
      3,
    )
    .addOption(
      new Option('--precision <percent>', 'how near to the true rate')
        .argParser(percent(1, 50))
        .default(0.05, '5%'),
    )
    .addOption(new Option('--from <rate>', 'least rate to try').argParser(rate).default(10, '10/s'))
    .addOption(
      new Option('--to <rate>', 'highest rate to try')
        .argParser(rate)
        .default(MOST_PER_SECOND, `${MOST_PER_SECOND}/s`),
    );
  return campaignFlags(command).action((scenario: string, flags: CapacityFlags) =>
    capacity(scenario, flags, context),
  );
}

async function capacity(name: string, flags: CapacityFlags, { signal }: CliContext): Promise<void> {
  const workspace = await loadWorkspace();
  const [family] = await loadScenarios([name]);
  const scenario = onlyOne(name, family?.scenarios ?? []);
  const objectives = flags.slo.map((check) => inScenario(check, scenario));
  const progress = new ProgressLine();
  const programme = { scenarios: [scenario], repeats: flags.repeats };
  await using stage = await setStage(flags, workspace, programme, progress, signal);
  const outcome = await perform(
    measureCapacity(
      {
        ...stage.options,
        scenario,
        objectives,
        repeats: flags.repeats,
        search: { leastPerSecond: flags.from, mostPerSecond: flags.to, precision: flags.precision },
      },
      narrate(progress),
      signal,
    ),
    progress,
  );
  const result = await present(outcome, flags);
  if (result.interrupted && result.capacities.length === 0) {
    process.stderr.write(
      `no capacity found: the search was interrupted after ${result.trials.length} trials\n`,
    );
  }
  process.exitCode = exitCode(result);
}

function onlyOne(name: string, scenarios: readonly Scenario[]): Scenario {
  const [scenario] = scenarios;
  if (scenario === undefined || scenarios.length > 1) {
    throw new UserError(`${name} has variants, and a capacity is that of one of them`, {
      code: 'capacity.variants',
      exitCode: 2,
      hint: `name one: ${scenarios.map((each) => each.name).join(', ')}`,
    });
  }
  const varies = new Set(
    scenario.load.phases
      .filter(({ warmup }) => !warmup)
      .flatMap(({ fromPerSecond, toPerSecond }) => [fromPerSecond, toPerSecond]),
  );
  if (varies.size === 1 && peakRate(scenario) > 0) return scenario;
  throw new UserError(`${scenario.name} has no single rate, so that there is none to look for`, {
    code: 'capacity.no-single-rate',
    exitCode: 2,
    hint: 'take a scenario whose measured phases all have the same rate, such as steady-state',
  });
}

/** Again, now that the names of its phases are known. */
function inScenario({ text }: Check, { load, topology }: Scenario): Check {
  try {
    return parseCheck(text, {
      phases: load.phases.map((phase) => phase.name),
      subscriptions: topology.subscriptions,
    });
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new UserError(`--slo ${text}: ${error.message}`, {
      code: 'capacity.slo',
      exitCode: 2,
      cause: error,
    });
  }
}

function objective(text: string, before: readonly Check[] | undefined): readonly Check[] {
  return [...(before ?? []), parsed(text, parseCheck)];
}

function rate(text: string): number {
  return parsed(text, parseRatePerSecond);
}

function parsed<T>(text: string, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof ValueError) throw new InvalidArgumentError(`${error.message}.`);
    throw error;
  }
}

/** What is wrong comes before what is unclear. */
function exitCode({ trials, capacities, refusals, interrupted }: Result): number {
  if (interrupted) return 130;
  const isMissed = capacities.some(({ perSecond }) => perSecond === 0);
  if (isMissed || trials.some(({ verdict }) => verdict === 'incorrect')) return 1;
  if (refusals.length > 0 || capacities.length === 0) return 3;
  return capacities.some(({ limit, isConfirmed }) => limit === 'mqbench' || !isConfirmed) ? 4 : 0;
}
