import { join } from 'node:path';
import { Command } from 'commander';
import { compare, comparisonTable } from '../compare/index.ts';
import { isImported, readComparables, type Comparable } from '../result/index.ts';
import { UserError } from '../user-error.ts';
import { comparisonFiles, writeComparison, type ComparisonFiles } from './comparison-files.ts';
import { EXIT_CODES, policyFlags, policyOf, type PolicyFlags } from './policy-flags.ts';

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
  const comparison = compare(await readSide(baseline), await readSide(current), policy);
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(comparison, null, 1)}\n` : comparisonTable(comparison),
  );
  await writeComparison(comparison, flags);
  process.exitCode = EXIT_CODES[comparison.outcome];
}

/** Of a folder of several baselines, one is meant: they are no trials of the same. */
async function readSide(path: string): Promise<readonly Comparable[]> {
  const read = await readComparables(path);
  const names = read.flatMap((each) => (isImported(each) ? [] : (each.baseline?.name ?? [])));
  if (read.length < 2 || names.length === 0) return read;
  throw new UserError(`${path} has several baselines`, {
    code: 'compare.which-baseline',
    exitCode: 2,
    hint: `name one: ${names.map((name) => join(path, name)).join(', ')}`,
  });
}
