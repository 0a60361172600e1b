import { Command, InvalidArgumentError } from 'commander';
import {
  baselineTable,
  BaselineStore,
  flawsOf,
  measuredTable,
  promotionOf,
  seriesOf,
  thinnerThan,
} from '../baseline/index.ts';
import { compare, comparisonTable, DEFAULT_POLICY, repeatsFor } from '../compare/index.ts';
import { readResult, type Baseline, type Result } from '../result/index.ts';
import { UserError } from '../user-error.ts';
import { folder } from './arguments.ts';
import { refuseSame } from './compared.ts';
import { EXIT_CODES } from './comparison-files.ts';
import { originOf } from './origin.ts';
import { policyFlags, policyOf, type PolicyFlags } from './policy-flags.ts';

interface StoreFlags {
  readonly dir: string;
}

interface KeepFlags extends StoreFlags {
  readonly as: string;
  readonly why?: string;
  readonly commit?: string;
  readonly branch?: string;
}

interface PromoteFlags extends KeepFlags, PolicyFlags {
  readonly anchor?: string;
}

interface PrintFlags extends StoreFlags {
  readonly json?: true;
}

export function baselineCommand(): Command {
  const command = new Command('baseline').description('keep campaigns that others are compared with');
  command.addCommand(
    keepFlags(new Command('save').description('keep a campaign under a name that nothing has yet'))
      .argument('<campaign>', 'its folder, or its result.json')
      .action(save),
  );
  command.addCommand(
    policyFlags(
      keepFlags(
        new Command('promote').description(
          'put a campaign in the place of a baseline that it is not worse than',
        ),
      ),
    )
      .option('--anchor <name>', 'another baseline, such as the last release, that it must not be worse than')
      .argument('<campaign>', 'its folder, or its result.json')
      .action(promote),
  );
  command.addCommand(
    printFlags(new Command('list').description('list them')).action(async (flags: PrintFlags) => {
      const { baselines, unreadable } = await new BaselineStore(flags.dir).list();
      print(baselines, flags, () => baselineTable(baselines));
      for (const { message } of unreadable) process.stderr.write(`error: ${message}\n`);
      if (unreadable.length > 0) process.exitCode = 2;
      else if (baselines.length === 0 && flags.json !== true)
        process.stderr.write(`no baseline in ${flags.dir}; keep one with: mqbench baseline save\n`);
    }),
  );
  command.addCommand(
    printFlags(new Command('show').description('show who keeps one, and what was measured'))
      .argument('<name>', 'of `mqbench baseline list`')
      .action(async (name: string, flags: PrintFlags) => {
        const baseline = await new BaselineStore(flags.dir).read(name);
        print(baseline, flags, () => `${baselineTable([baseline])}\n${measuredTable(baseline)}`);
      }),
  );
  return command;
}

function keepFlags(command: Command): Command {
  return storeFlags(command)
    .requiredOption('--as <name>', 'what to call it: main, v1.0', baselineName)
    .option('--why <text>', 'told with it')
    .option('--commit <id>', 'what was measured (default: as the CI or git has it)')
    .option('--branch <name>', 'likewise');
}

function printFlags(command: Command): Command {
  return storeFlags(command).option('--json', 'print JSON');
}

function storeFlags(command: Command): Command {
  return command.option('--dir <folder>', 'where baselines are kept', folder, 'baselines');
}

function print(value: unknown, { json }: PrintFlags, text: () => string): void {
  process.stdout.write(json === true ? `${JSON.stringify(value, null, 1)}\n` : text());
}

/** It names a folder; `history` is one that is there beside them. */
function baselineName(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(text) || text === 'history')
    throw new InvalidArgumentError(
      'It must be letters, digits, dots, dashes and underscores, and not "history".',
    );
  return text;
}

async function save(campaign: string, flags: KeepFlags): Promise<void> {
  const store = new BaselineStore(flags.dir);
  const result = await readSound(campaign);
  const about = await aboutOf(flags, null);
  await store.add(result, about);
  await tell(store, result, about);
  for (const line of fewTrials(result)) process.stderr.write(`${line}\n`);
}

/** Of what is kept all the same: somebody may want it for an anchor. */
function fewTrials(result: Result): readonly string[] {
  const { alpha } = DEFAULT_POLICY;
  const needed = repeatsFor(1, alpha);
  return seriesOf(result).flatMap(({ scenario, target, trials }) =>
    trials.length >= needed
      ? []
      : [
          `${scenario} on ${target}: with ${trials.length} of ${needed} trials no change can be shown; run it with --repeats`,
        ],
  );
}

async function promote(campaign: string, flags: PromoteFlags): Promise<void> {
  const policy = await policyOf(flags);
  const store = new BaselineStore(flags.dir);
  const before = await store.read(flags.as);
  const anchor = flags.anchor === undefined ? undefined : await store.read(flags.anchor);
  const result = await readSound(campaign);
  refuse(campaign, thinnerThan(before, result));
  const about = await aboutOf(flags, before.id);
  refuseSame([before], [result]);
  const comparison = compare([before], [result], policy);
  process.stdout.write(comparisonTable(comparison));
  const promotion = promotionOf(comparison);
  const drift = anchor === undefined ? undefined : compare([anchor], [result], policy);
  if (drift !== undefined) process.stdout.write(`\nagainst ${flags.anchor}:\n${comparisonTable(drift)}`);
  if (promotion === 'promoted' && (drift === undefined || drift.outcome === 'passed')) {
    await store.replace(result, about);
    await tell(store, result, about);
    return;
  }
  // a trend is made of what was refused, too
  await tellHistory(store, result, about);
  process.stderr.write(`${flags.as} stays ${before.id}: ${refusal(promotion, flags.anchor)}\n`);
  process.exitCode =
    promotion === 'promoted' ? EXIT_CODES[drift?.outcome ?? 'passed'] : EXIT_CODES[promotion];
}

function refusal(promotion: ReturnType<typeof promotionOf>, anchor: string | undefined): string {
  switch (promotion) {
    case 'failed':
      return 'what would take its place is worse';
    case 'undecided':
      return 'whether what would take its place is worse is not known';
    case 'promoted':
      return `what would take its place is not worse, but it is not sure to be as good as ${anchor}`;
  }
}

async function readSound(campaign: string): Promise<Result> {
  const result = await readResult(campaign);
  refuse(campaign, flawsOf(result));
  return result;
}

/** @throws UserError (exit code 1) where there is a reason to */
function refuse(campaign: string, flaws: readonly string[]): void {
  if (flaws.length === 0) return;
  throw new UserError(`${campaign} can be no baseline`, {
    code: 'baseline.unsound',
    exitCode: 1,
    hint: flaws.join('\n'),
  });
}

async function aboutOf({ as, why, commit, branch }: KeepFlags, replaces: string | null): Promise<Baseline> {
  const origin = await originOf(process.env);
  return {
    name: as,
    savedAt: new Date().toISOString(),
    by: origin.by,
    why: why ?? null,
    commit: commit ?? origin.commit,
    branch: branch ?? origin.branch,
    replaces,
  };
}

async function tell(store: BaselineStore, result: Result, about: Baseline): Promise<void> {
  process.stdout.write(`${about.name} is ${result.id} now\n`);
  await tellHistory(store, result, about);
}

async function tellHistory(store: BaselineStore, result: Result, about: Baseline): Promise<void> {
  for (const line of await store.addToHistory(result, about))
    process.stderr.write(`not in the history: ${line}\n`);
}
