import { Command } from 'commander';
import {
  type Appraisal,
  type AppraisalOptions,
  appraiseFile,
  type Contents,
  type DriverSchemas,
} from '../scenario/index.ts';
import type { CliContext } from './context.ts';

export interface ValidateOptions {
  /** what each driver accepts as the configuration of a target, by the driver's name */
  readonly driverSchemas: DriverSchemas;
  /** targets that `defaults.targets` may name beside the file's own; undefined: any */
  readonly builtInTargets?: readonly string[];
  readonly readers: AppraisalOptions['readers'];
}

export function validateCommand(context: CliContext, options: ValidateOptions): Command {
  return new Command('validate')
    .description('check scenario files, mqbench.yaml, decision.yaml, policy.yaml and price sheets')
    .argument('<files...>', 'scenarios, mqbench.yaml, decision.yaml, policy.yaml and prices.yaml files')
    .option('--json', 'print one JSON array with an entry a file')
    .action((files: readonly string[], flags: { readonly json?: true }) =>
      validate(files, flags, context, options),
    );
}

async function validate(
  files: readonly string[],
  flags: { readonly json?: true },
  { signal }: CliContext,
  options: ValidateOptions,
): Promise<void> {
  const appraisals: Appraisal[] = [];
  for (const file of files) {
    signal.throwIfAborted();
    appraisals.push(await appraiseFile(file, { ...options, environment: process.env }));
  }
  if (flags.json === true) process.stdout.write(`${JSON.stringify(appraisals.map(plain), null, 1)}\n`);
  else for (const appraisal of appraisals) print(appraisal);
  if (appraisals.some((appraisal) => !appraisal.ok)) process.exitCode = 2;
}

function print(appraisal: Appraisal): void {
  if (appraisal.ok) process.stdout.write(`ok  ${appraisal.file}  (${summary(appraisal.contents)})\n`);
  else process.stderr.write(`${appraisal.error.message}\n`);
}

function summary(contents: Contents): string {
  switch (contents.kind) {
    case 'scenario': {
      const { name, variants, phases, seconds, messages } = contents;
      const load = [
        ...(variants.length === 0 ? [] : [`variants ${variants.join(', ')}`]),
        counted(phases, 'phase'),
        `${seconds.toLocaleString('en-US')} s`,
        counted(messages, 'message'),
      ];
      return `scenario ${name}: ${load.join(', ')}`;
    }
    case 'workspace': {
      const { targets } = contents;
      return `workspace: ${counted(targets.length, 'target')}${targets.length === 0 ? '' : `: ${targets.join(', ')}`}`;
    }
    case 'decision':
      return `decision: options ${contents.options.join(', ')}; ${counted(contents.criteria, 'criterion', 'criteria')}`;
    case 'policy':
      return `policy: ${counted(contents.gates, 'gate')}; ${contents.finds}`;
    case 'prices':
      return `price sheet in ${contents.currency}: ${contents.items.join(', ')}`;
  }
}

function counted(count: number, noun: string, plural = `${noun}s`): string {
  const rounded = Math.round(count);
  return `${rounded.toLocaleString('en-US')} ${rounded === 1 ? noun : plural}`;
}

/** What `--json` prints; null where there is no line or no telling the kind. */
function plain(appraisal: Appraisal): unknown {
  if (appraisal.ok) return { file: appraisal.file, kind: appraisal.contents.kind, ok: true, problems: [] };
  const problems = appraisal.error.problems.map(({ line, column, message, code }) => {
    return { line: line ?? null, column: column ?? null, message, code };
  });
  return { file: appraisal.file, kind: appraisal.kind ?? null, ok: false, problems };
}
