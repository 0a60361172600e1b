import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { importResults, type Naming } from '../import/index.ts';
import { storeImported } from '../result/index.ts';
import { UserError } from '../user-error.ts';
import { folder } from './arguments.ts';
import { loadWorkspace } from './sources.ts';

interface ImportFlags extends Naming {
  readonly out?: string;
}

export function importCommand(): Command {
  return new Command('import')
    .description('take over what OpenMessaging Benchmark or k6 measured, for mqbench compare')
    .argument('<files...>', 'a result or a summary each, of which each is a trial')
    .option('--scenario <name>', "what to call what was run (default: OpenMessaging Benchmark's workload)")
    .option('--target <name>', "what it ran on (default: OpenMessaging Benchmark's driver)")
    .option('--trend <name>', 'of k6: which of its trends is the latency (default: http_req_duration)')
    .option('-o, --out <dir>', 'where campaigns are kept (default: results)', folder)
    .action(run);
}

async function run(files: readonly string[], { out, ...naming }: ImportFlags): Promise<void> {
  const sources = await Promise.all(files.map(async (path) => ({ path, text: await read(path) })));
  const imported = importResults(sources, naming);
  const { defaults } = await loadWorkspace();
  const directory = await storeImported(out ?? defaults.out ?? 'results', imported, new Date().toISOString());
  for (const { file, scenario, target, problem } of imported.trials) {
    const wrong = problem === null ? '' : `: ${problem.verdict}, ${problem.reason}`;
    process.stdout.write(`${file}: a trial of ${scenario} on ${target}${wrong}\n`);
  }
  process.stdout.write(`\nof ${imported.from}; it lacks\n`);
  for (const lack of imported.lacks) process.stdout.write(`- ${lack}\n`);
  process.stderr.write(`\n${directory}: result.json, for mqbench compare\n`);
}

async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UserError(`${path}: cannot be read: ${(cause as Error).message}`, {
      code: 'import.unreadable',
      exitCode: 2,
      cause,
    });
  });
}
