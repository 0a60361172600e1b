import { Command } from 'commander';
import {
  comparisonPage,
  compareSides,
  DEFAULT_REPEATS,
  isAbout,
  repeatsFor,
  sensitivityText,
  type Policy,
} from '../compare/index.ts';
import { runCampaign } from '../run/index.ts';
import { UserError } from '../user-error.ts';
import { wholeNumber } from './arguments.ts';
import { campaignFlags, type CampaignFlags } from './campaign-flags.ts';
import {
  comparisonFiles,
  conclude,
  printComparison,
  requireWritable,
  type ComparisonFiles,
} from './comparison-files.ts';
import { requireKnownNames, type Subject } from './gated-names.ts';
import { policyOf, type PolicyFlags, policyFlags } from './policy-flags.ts';
import type { CliContext } from './context.ts';
import { ProgressLine } from './progress.ts';
import { change, CHANGE_KEYS, refuseForgotten, sideOf, sidesOf, type Change } from './side.ts';
import { loadWorkspace } from './sources.ts';
import { narrate, perform, setStage } from './stage.ts';

interface AbFlags extends CampaignFlags, PolicyFlags, ComparisonFiles {
  readonly a?: Change;
  readonly b?: Change;
  readonly aa?: true;
  readonly repeats?: number;
}

export function abCommand(context: CliContext): Command {
  const command = new Command('ab')
    .argument('<scenario>', 'a path, or a name of `mqbench list scenarios`')
    .option(
      '--a <key=value>',
      `what the one side has: ${CHANGE_KEYS.join(', ')}; may be given several times`,
      change,
    )
    .option('--b <key=value>', 'what the other has', change)
    .option('--aa', 'measure the one side against itself: how often this machine alone is taken for a change')
    .option(
      '-r, --repeats <n>',
      `trials of each side, in turns (default: those of the policy, else ${DEFAULT_REPEATS})`,
      wholeNumber(1, 1000),
    );
  return comparisonFiles(policyFlags(campaignFlags(command))).action((scenario: string, flags: AbFlags) =>
    ab(scenario, flags, context),
  );
}

/** Of a policy for several scenarios and targets, what is about these. */
function narrowed(policy: Policy, subjects: readonly Subject[]): Policy {
  const gates = policy.gates.filter((gate) => subjects.some((subject) => isAbout(gate, subject)));
  return { ...policy, gates: gates.map((gate) => ({ ...gate, scenarios: undefined, targets: undefined })) };
}

/** @throws UserError (exit code 2) where no change, however large, would be called one */
function requireRepeats({ gates, alpha }: Policy, repeats: number): void {
  const needed = repeatsFor(gates.length, alpha);
  if (repeats >= needed) return;
  throw new UserError(
    `${repeats} trials of each side cannot show anything of ${gates.length} gated row${gates.length === 1 ? '' : 's'}`,
    {
      code: 'ab.repeats',
      exitCode: 2,
      hint: `--repeats ${needed}, or fewer gates in the policy`,
    },
  );
}

async function ab(name: string, flags: AbFlags, { signal }: CliContext): Promise<void> {
  const wanted = await policyOf(flags);
  if (flags.aa === true && flags.b !== undefined) {
    throw new UserError('--aa measures one side against itself, and --b says what another has', {
      code: 'ab.two-sides',
      exitCode: 2,
      hint: 'leave one of them out',
    });
  }
  const workspace = await loadWorkspace();
  const { a = {}, b = {} } = flags;
  const sideA = await sideOf('a', name, a, flags.target);
  const sideB = await sideOf('b', name, flags.aa === true ? a : b, flags.target);
  const sides = sidesOf(sideA, sideB, workspace.defaults);
  await requireWritable(flags);
  // as a policy calls them, whatever the targets are called to tell them apart
  const subjects = [sideA, sideB].map(({ scenario, target }) => ({ scenario: scenario.name, target }));
  await requireKnownNames(wanted, workspace, subjects);
  const policy = narrowed(wanted, subjects);
  if (sides.differ === 'not at all' && flags.aa !== true) {
    refuseForgotten(a, b);
    process.stdout.write('nothing that is measured differs between the two checkouts: nothing to compare\n');
    return;
  }
  const scenarios = [sides.a.scenario, sides.b.scenario];
  const target = [...new Set([sides.a.target, sides.b.target])];
  const repeats = flags.repeats ?? policy.repeats ?? DEFAULT_REPEATS;
  requireRepeats(policy, repeats);
  process.stderr.write(`${sensitivityText(policy, repeats)}\n`);
  const progress = new ProgressLine();
  await using stage = await setStage(
    { ...flags, target },
    sides.workspace,
    { scenarios, repeats },
    progress,
    signal,
  );
  const outcome = await perform(
    runCampaign(
      { ...stage.options, scenarios, sides: { a: sides.a, b: sides.b }, repeats },
      narrate(progress),
      signal,
    ),
    progress,
  );
  if (outcome.result.interrupted) {
    process.stderr.write(`\n${outcome.directory}: result.json, of which nothing is compared\n`);
    process.exitCode = 130;
    return;
  }
  if (outcome.result.refusals.length > 0) {
    process.stderr.write(`\n${outcome.directory}: result.json; what a side cannot run is not compared\n`);
    process.exitCode = 3;
    return;
  }
  const comparison = compareSides(outcome.result, policy);
  await outcome.store.write('comparison.md', comparisonPage(comparison));
  printComparison(comparison, flags);
  process.stderr.write(`\n${outcome.directory}: result.json, comparison.md and a .hlog a trial\n`);
  await conclude(comparison, flags);
}
