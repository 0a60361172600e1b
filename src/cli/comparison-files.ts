import { access, appendFile, constants, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import {
  benchmarkEntries,
  bencherMetrics,
  benchstatText,
  comparisonPage,
  comparisonTable,
  junitXml,
  type Comparison,
} from '../compare/index.ts';
import { UserError } from '../user-error.ts';

/** Where to write a comparison for others to read. */
export interface ComparisonFiles {
  readonly markdown?: string;
  readonly junit?: string;
  readonly bmf?: string;
  readonly benchmarkAction?: string;
  readonly benchstat?: string;
}

export function comparisonFiles(command: Command): Command {
  return command
    .option('--markdown <file>', 'write it for the comment of a pull request')
    .option('--junit <file>', 'write JUnit XML')
    .option('--bmf <file>', 'write Bencher Metric Format')
    .option(
      '--benchmark-action <prefix>',
      'write <prefix>-smaller.json and -bigger.json for github-action-benchmark',
    )
    .option('--benchstat <prefix>', "write <prefix>-baseline.txt and -current.txt in Go's benchmark format");
}

/**
 * Before anything is measured for them.
 * @throws UserError (exit code 3) where a file could not be written
 */
export async function requireWritable(flags: ComparisonFiles): Promise<void> {
  const { markdown, junit, bmf, benchmarkAction, benchstat } = flags;
  for (const path of [markdown, junit, bmf, benchmarkAction, benchstat])
    if (path !== undefined) await put(path, access(dirname(path), constants.W_OK));
}

/** What fails, and what leaves open whether it does. */
export const EXIT_CODES: Readonly<Record<Comparison['outcome'], number>> = {
  passed: 0,
  failed: 1,
  undecided: 4,
};

export function printComparison(comparison: Comparison, { json }: { readonly json?: true }): void {
  process.stdout.write(
    json === true ? `${JSON.stringify(comparison, null, 1)}\n` : comparisonTable(comparison),
  );
}

/**
 * Sets the exit code, writes what is asked for, and adds to the summary of a step of GitHub Actions where this is one.
 * @throws UserError (exit code 3) where a file cannot be written and nothing is worse, which would be the graver
 */
export async function conclude(comparison: Comparison, flags: ComparisonFiles): Promise<void> {
  process.exitCode = EXIT_CODES[comparison.outcome];
  try {
    await write(comparison, flags);
  } catch (error) {
    if (comparison.outcome !== 'failed' || !(error instanceof UserError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
  }
}

/** All that can be; the first that cannot is told. */
async function write(comparison: Comparison, flags: ComparisonFiles): Promise<void> {
  const summary = process.env['GITHUB_STEP_SUMMARY'];
  const written = [
    ...filesOf(comparison, flags).map(async ([path, text]) => put(path, writeFile(path, text))),
    ...(summary === undefined || summary === ''
      ? []
      : [put(summary, appendFile(summary, comparisonPage(comparison)))]),
  ];
  for (const outcome of await Promise.allSettled(written))
    if (outcome.status === 'rejected') throw outcome.reason;
}

function filesOf(
  comparison: Comparison,
  flags: ComparisonFiles,
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

async function put(path: string, written: Promise<void>): Promise<void> {
  await written.catch((cause: unknown) => {
    throw new UserError(`cannot write ${path}: ${(cause as Error).message}`, {
      code: 'compare.unwritable',
      exitCode: 3,
      cause,
    });
  });
}
