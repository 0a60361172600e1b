import { Command } from 'commander';
import { compare } from '../compare/index.ts';
import { readSide, refuseSame } from './compared.ts';
import { requireKnownNames, type Subject } from './gated-names.ts';
import { loadWorkspace } from './sources.ts';
import { comparisonFiles, conclude, printComparison, type ComparisonFiles } from './comparison-files.ts';
import { policyFlags, policyOf, type PolicyFlags } from './policy-flags.ts';

interface CompareFlags extends PolicyFlags, ComparisonFiles {
  readonly json?: true;
}

export function compareCommand(): Command {
  return comparisonFiles(policyFlags(new Command('compare')))
    .description('say what got worse from one campaign to another, and fail where it must not')
    .argument('<baseline>', 'a campaign, a folder of campaigns, a result.json, or a baseline')
    .argument('<current>', 'what is compared with it')
    .option('--json', 'print the comparison as JSON')
    .action(run);
}

async function run(baseline: string, current: string, flags: CompareFlags): Promise<void> {
  const policy = await policyOf(flags);
  const [before, after] = [await readSide(baseline), await readSide(current)];
  refuseSame(before, after);
  const subjects = [...before, ...after].flatMap((each): readonly Subject[] => each.trials);
  await requireKnownNames(policy, await loadWorkspace(), subjects);
  const comparison = compare(before, after, policy);
  printComparison(comparison, flags);
  await conclude(comparison, flags);
}
