import { Command, InvalidArgumentError } from 'commander';
import { comparisonPage, comparisonTable, compareSides } from '../compare/index.ts';
import { runCampaign } from '../run/index.ts';
import { CONTRACTS, underContracts, type Contract, type Scenario } from '../scenario/index.ts';
import { UserError } from '../user-error.ts';
import { wholeNumber } from './arguments.ts';
import { campaignFlags, type CampaignFlags } from './campaign-flags.ts';
import { EXIT_CODES, policyOf, type PolicyFlags, policyFlags } from './policy-flags.ts';
import type { CliContext } from './context.ts';
import { ProgressLine } from './progress.ts';
import { loadScenarios, loadWorkspace } from './sources.ts';
import { narrate, perform, setStage } from './stage.ts';

/** What one side has in place of what both have. */
interface Change {
  readonly target?: string;
  readonly contract?: Contract;
  readonly scenario?: string;
}

interface AbFlags extends CampaignFlags, PolicyFlags {
  readonly a?: Change;
  readonly b?: Change;
  readonly aa?: true;
  readonly repeats: number;
}

const KEYS = ['target', 'contract', 'scenario'] as const;

export function abCommand(context: CliContext): Command {
  const command = new Command('ab')
    .argument('<scenario>', 'a path, or a name of `mqbench list scenarios`')
    .option(
      '--a <key=value>',
      `what the one side has: ${KEYS.join(', ')}; may be given several times`,
      change,
    )
    .option('--b <key=value>', 'what the other has', change)
    .option('--aa', 'measure the one side against itself: how often this machine alone is taken for a change')
    .option('-r, --repeats <n>', 'trials of each side, in turns', wholeNumber(1, 1000), 6);
  return policyFlags(campaignFlags(command)).action((scenario: string, flags: AbFlags) =>
    ab(scenario, flags, context),
  );
}

async function ab(name: string, flags: AbFlags, { signal }: CliContext): Promise<void> {
  const policy = await policyOf(flags);
  if (flags.aa === true && flags.b !== undefined) {
    throw new UserError('--aa measures one side against itself, and --b says what another has', {
      code: 'ab.two-sides',
      exitCode: 2,
      hint: 'leave one of them out',
    });
  }
  const workspace = await loadWorkspace();
  const { a = {}, b = {} } = flags;
  const changes = { a, b: flags.aa === true ? a : b };
  const sides = {
    a: await sideOf(name, changes.a, flags, workspace.defaults.targets),
    b: await sideOf(name, changes.b, flags, workspace.defaults.targets),
  };
  const scenarios = [sides.a.scenario, sides.b.scenario];
  const target = [...new Set([sides.a.target, sides.b.target])];
  const progress = new ProgressLine();
  const programme = { scenarios, repeats: flags.repeats };
  await using stage = await setStage({ ...flags, target }, workspace, programme, progress, signal);
  const outcome = await perform(
    runCampaign({ ...stage.options, scenarios, sides, repeats: flags.repeats }, narrate(progress), signal),
    progress,
  );
  const comparison = compareSides(outcome.result, policy);
  await outcome.store.write('comparison.md', comparisonPage(comparison));
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(comparison, null, 1)}\n` : comparisonTable(comparison),
  );
  process.stderr.write(`\n${outcome.directory}: result.json, comparison.md and a .hlog a trial\n`);
  process.exitCode = outcome.result.interrupted ? 130 : EXIT_CODES[comparison.outcome];
}

async function sideOf(
  name: string,
  { target, contract, scenario: file }: Change,
  { target: targets }: CampaignFlags,
  defaults: readonly string[] | undefined,
): Promise<{ readonly scenario: Scenario; readonly target: string }> {
  const [family] = await loadScenarios([file ?? name]);
  const [scenario, ...others] = family?.scenarios ?? [];
  if (scenario === undefined || others.length > 0) {
    throw new UserError(`${file ?? name} has variants, and a side is one of them`, {
      code: 'ab.variants',
      exitCode: 2,
      hint: `name one: ${(family?.scenarios ?? []).map((each) => each.name).join(', ')}`,
    });
  }
  const [under = scenario] = underContracts(scenario, [contract ?? scenario.contract]);
  const chosen = target ?? targets?.[0] ?? defaults?.[0];
  if (chosen === undefined || (target === undefined && (targets?.length ?? 1) > 1)) {
    throw new UserError('a side is of one target', {
      code: 'ab.target',
      exitCode: 2,
      hint: 'name it with --target, or with --a target=kafka --b target=kafka-kafkajs',
    });
  }
  return { scenario: under, target: chosen };
}

/** `contract=fsynced-acked`, added to what was given before. */
function change(text: string, before: Change = {}): Change {
  const [, key = '', value = ''] = /^([a-z]+)=(.+)$/.exec(text) ?? [];
  if (!KEYS.some((each) => each === key))
    throw new InvalidArgumentError(`It must be one of ${KEYS.map((each) => `${each}=…`).join(', ')}.`);
  if (key === 'contract' && !CONTRACTS.some((each) => each === value))
    throw new InvalidArgumentError(`A contract is one of ${CONTRACTS.join(', ')}.`);
  return { ...before, [key]: value };
}
