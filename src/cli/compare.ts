import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import {
  benchmarkEntries,
  bencherMetrics,
  benchstatText,
  compare,
  comparisonPage,
  comparisonTable,
  junitXml,
  sensitivityText,
  type Comparison,
} from '../compare/index.ts';
import { isImported, readComparables, type Comparable } from '../result/index.ts';
import { UserError } from '../user-error.ts';
import { EXIT_CODES, policyFlags, policyOf, type PolicyFlags } from './policy-flags.ts';

interface CompareFlags extends PolicyFlags {
  readonly json?: true;
  readonly markdown?: string;
  readonly junit?: string;
  readonly bmf?: string;
  readonly benchmarkAction?: string;
  readonly benchstat?: string;
}

export function compareCommand(): Command {
  return policyFlags(new Command('compare'))
    .description('say what got worse from one campaign to another, and fail where it must not')
    .argument('<baseline>', 'a campaign, a folder of campaigns, or a result.json')
    .argument('<current>', 'what is compared with it')
    .option('--json', 'print the comparison as JSON')
    .option('--markdown <file>', 'write it for the comment of a pull request')
    .option('--junit <file>', 'write JUnit XML')
    .option('--bmf <file>', 'write Bencher Metric Format')
    .option(
      '--benchmark-action <prefix>',
      'write <prefix>-smaller.json and -bigger.json for github-action-benchmark',
    )
    .option('--benchstat <prefix>', "write <prefix>-baseline.txt and -current.txt in Go's benchmark format")
    .action(run);
}

async function run(baseline: string, current: string, flags: CompareFlags): Promise<void> {
  const policy = await policyOf(flags);
  const comparison = compare(await readSide(baseline), await readSide(current), policy);
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(comparison, null, 1)}\n` : comparisonTable(comparison),
  );
  if (flags.policy !== undefined) process.stderr.write(`policy: ${sensitivityText(policy)}\n`);
  for (const [path, text] of filesOf(comparison, flags)) await write(path, text);
  const summary = process.env['GITHUB_STEP_SUMMARY'];
  if (summary !== undefined && summary !== '') await append(summary, comparisonPage(comparison));
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

function filesOf(
  comparison: Comparison,
  flags: CompareFlags,
): readonly (readonly [path: string, text: string])[] {
  const { smallerIsBetter, biggerIsBetter } = benchmarkEntries(comparison);
  const json = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;
  const wanted: readonly (readonly [string | undefined, () => string])[] = [
    [flags.markdown, () => comparisonPage(comparison)],
    [flags.junit, () => junitXml(comparison)],
    [flags.bmf, () => json(bencherMetrics(comparison))],
    [suffixed(flags.benchmarkAction, '-smaller.json'), () => json(smallerIsBetter)],
    [suffixed(flags.benchmarkAction, '-bigger.json'), () => json(biggerIsBetter)],
    [suffixed(flags.benchstat, '-baseline.txt'), () => benchstatText(comparison, 'baseline')],
    [suffixed(flags.benchstat, '-current.txt'), () => benchstatText(comparison, 'current')],
  ];
  return wanted.flatMap(([path, text]) => (path === undefined ? [] : [[path, text()] as const]));
}

function suffixed(prefix: string | undefined, suffix: string): string | undefined {
  return prefix === undefined ? undefined : `${prefix}${suffix}`;
}

async function write(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((cause: unknown) => {
    throw unwritable(path, cause);
  });
}

async function append(path: string, text: string): Promise<void> {
  await appendFile(path, text).catch((cause: unknown) => {
    throw unwritable(path, cause);
  });
}

function unwritable(path: string, cause: unknown): UserError {
  return new UserError(`cannot write ${path}: ${(cause as Error).message}`, {
    code: 'compare.unwritable',
    exitCode: 3,
    cause,
  });
}
