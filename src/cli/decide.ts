import { Command, InvalidArgumentError } from 'commander';
import { weighFile } from '../adr/index.ts';
import { decisionPage, expiredEvidence, isDay, matrixJson } from '../decision/index.ts';
import { readCampaigns } from '../result/index.ts';
import { list } from './arguments.ts';
import { today } from './today.ts';

interface DecideFlags {
  readonly results?: readonly string[];
  readonly at?: string;
  readonly json?: true;
}

export function decideCommand(): Command {
  return new Command('decide')
    .argument('[decision]', 'a decision file', 'decision.yaml')
    .option(
      '--results <paths>',
      'campaigns, or folders of them, separated by commas (default: results)',
      list,
    )
    .option('--at <date>', 'the day by which evidence may be too old (default: today)', calendarDay)
    .option('--json', 'print the matrix as JSON instead of Markdown')
    .action(decide);
}

async function decide(file: string, flags: DecideFlags): Promise<void> {
  const matrix = await weighFile(file, () => resultsOf(flags));
  const day = flags.at ?? today();
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(matrixJson(matrix, day), null, 1)}\n` : decisionPage(matrix, day),
  );
  for (const { option, missing } of matrix.costs)
    for (const what of missing) process.stderr.write(`the costs of ${option} are incomplete: ${what}\n`);
  const expired = expiredEvidence(matrix, day);
  if (expired.length > 0)
    process.stderr.write(
      `${expired.length} scores stand on evidence that is too old, or yet to come; see "What is missing"\n`,
    );
  if (expired.length > 0 || matrix.ranking.length === 0) process.exitCode = 4;
}

async function resultsOf({ results }: DecideFlags): ReturnType<typeof readCampaigns> {
  return readCampaigns(results ?? [await resultsFolder()]);
}

/** Drivers are loaded with the workspace, and a decision needs none. */
async function resultsFolder(): Promise<string> {
  const { loadWorkspace } = await import('./sources.ts');
  return (await loadWorkspace()).defaults.out ?? 'results';
}

function calendarDay(text: string): string {
  if (isDay(text)) return text;
  throw new InvalidArgumentError('It must be a date, as in 2026-11-26.');
}
