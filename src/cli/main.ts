import { Command, CommanderError } from 'commander';
import { UserError } from '../user-error.ts';
import type { CliContext } from './context.ts';
import { packageVersion } from './package.ts';

interface CommandEntry {
  readonly summary: string;
  readonly load: (context: CliContext) => Promise<Command>;
}

/** Loaded only when typed, so that --help answers at once. */
const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  run: {
    summary: 'run scenarios on targets, and say what each can do',
    load: async (context) => (await import('./run.ts')).runCommand(context),
  },
  capacity: {
    summary: 'look for the highest rate that meets an objective',
    load: async (context) => (await import('./capacity.ts')).capacityCommand(context),
  },
  up: {
    summary: 'start real brokers on this machine',
    load: async (context) => (await import('./up.ts')).upCommand(context),
  },
  down: {
    summary: 'stop what up has started, and delete its data',
    load: async () => (await import('./down.ts')).downCommand(),
  },
  status: {
    summary: 'show what up has running',
    load: async () => (await import('./status.ts')).statusCommand(),
  },
  doctor: {
    summary: 'say what can run here, what cannot, and what to do about it',
    load: async () => (await import('./doctor.ts')).doctorCommand(),
  },
  list: {
    summary: 'list scenarios, targets, drivers or metrics',
    load: async () => (await import('./list.ts')).listCommand(),
  },
  validate: {
    summary: 'check scenario files, mqbench.yaml, decision.yaml, policy.yaml and price sheets',
    load: async (context) => {
      const { BUILT_IN_NAMES, DRIVER_SCHEMAS } = await import('./sources.ts');
      const { readPolicyContents } = await import('../compare/index.ts');
      const { readContents, readPriceContents } = await import('../decision/index.ts');
      const options = {
        driverSchemas: DRIVER_SCHEMAS,
        builtInTargets: BUILT_IN_NAMES,
        readers: { decision: readContents, prices: readPriceContents, policy: readPolicyContents },
      };
      return (await import('./validate.ts')).validateCommand(context, options);
    },
  },
  init: {
    summary: 'write mqbench.yaml and a first scenario, a decision.yaml, or a workflow for a CI',
    load: async (context) => (await import('./init.ts')).initCommand(context),
  },
  report: {
    summary: "print a campaign's report again",
    load: async () => (await import('./report.ts')).reportCommand(),
  },
  compare: {
    summary: 'say what got worse from one campaign to another: a gate for CI',
    load: async () => (await import('./compare.ts')).compareCommand(),
  },
  ab: {
    summary: 'measure two targets, contracts, scenarios or checkouts in turns, and compare them',
    load: async (context) => (await import('./ab.ts')).abCommand(context),
  },
  baseline: {
    summary: 'keep campaigns that others are compared with',
    load: async () => (await import('./baseline.ts')).baselineCommand(),
  },
  import: {
    summary: 'take over what OpenMessaging Benchmark or k6 measured, to compare it',
    load: async () => (await import('./import.ts')).importCommand(),
  },
  decide: {
    summary: 'weigh options by measured, documented and judged scores',
    load: async () => (await import('./decide.ts')).decideCommand(),
  },
  adr: {
    summary: 'write, renew, check and list decisions as Markdown',
    load: async () => (await import('./adr.ts')).adrCommand(),
  },
  clean: {
    summary: 'delete what a crashed campaign left on a broker',
    load: async (context) => (await import('./clean.ts')).cleanCommand(context),
  },
  selftest: {
    summary: 'prove the meter on a broker whose truth is known',
    load: async (context) => (await import('./selftest.ts')).selftestCommand(context),
  },
};

const EXIT_CODES = `
Exit codes:
  0    fine
  1    a check, the ledger, a gate or a decision failed
  2    the input is wrong
  3    a broker or the environment is not usable
  4    inconclusive or not comparable: the load generator was the limit, evidence is too old, or every option is out
  130  interrupted

Start with: mqbench run steady-state`;

/** Commander's way to say it; ours is that of all other errors. */
const SUGGESTION = /^\(Did you mean (.*)\?\)$/m;

async function main(args: readonly string[]): Promise<void> {
  const program = new Command('mqbench')
    .description('Which message broker should this platform use, and is it still the right one?')
    .version(packageVersion())
    .option('--debug', 'print stack traces')
    .addHelpText('after', EXIT_CODES)
    .showSuggestionAfterError()
    .showHelpAfterError('  see: mqbench --help')
    .configureOutput({ outputError: (text, write) => write(text.replace(SUGGESTION, '  did you mean $1?')) })
    .exitOverride();
  const context: CliContext = { signal: signalOfInterrupts() };
  const wanted = args.find((arg) => !arg.startsWith('-') && arg !== 'help');
  for (const [name, entry] of Object.entries(COMMANDS)) {
    const command = name === wanted ? await entry.load(context) : new Command(name);
    command.description(entry.summary).copyInheritedSettings(program);
    for (const part of command.commands) {
      part.copyInheritedSettings(command).showHelpAfterError(`  see: mqbench ${name} ${part.name()} --help`);
    }
    program.addCommand(command.showHelpAfterError(`  see: mqbench ${name} --help`));
  }
  await program.parseAsync(args, { from: 'user' });
  if (context.signal.aborted) process.exitCode = 130;
}

/**
 * `mqbench list metrics | head -3`: the reader has enough. What is under way still ends in an orderly way,
 * with the exit code that it would have had; where the output is wanted and cannot be written, with 3.
 */
function outliveReaders(): void {
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', () => undefined);
  process.stdout.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.stderr.write(`error: the output cannot be written: ${error.message}\n`);
    process.once('exit', () => (process.exitCode = 3));
  });
}

/** A terminal signals its whole group, and `timeout` or a parent hands the signal on: one interruption, told twice. */
const SAME_INTERRUPTION_MS = 200;

/** The first Ctrl-C asks for an orderly end, the second ends at once. */
function signalOfInterrupts(): AbortSignal {
  const controller = new AbortController();
  let firstMs = 0;
  const interrupt = (): void => {
    if (controller.signal.aborted) {
      if (performance.now() - firstMs > SAME_INTERRUPTION_MS) process.exit(130);
      return;
    }
    firstMs = performance.now();
    process.stderr.write('\ninterrupted: draining and cleaning up; interrupt again to leave at once\n');
    controller.abort(new Interrupted());
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt);
  return controller.signal;
}

/** What is thrown where an interruption leaves nothing to return. */
class Interrupted extends Error {
  constructor() {
    super('interrupted');
    this.name = 'AbortError';
  }
}

/** Prints what went wrong, and returns the exit code. */
function explain(error: unknown, debug: 'stack' | 'message'): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Error && error.name === 'AbortError') return 130;
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  if (!(error instanceof UserError)) {
    process.stderr.write(`mqbench has a bug: ${debug === 'stack' ? stack : message}\n`);
    if (debug === 'message')
      process.stderr.write('run it again with --debug for the stack trace, and report it\n');
    return 70;
  }
  process.stderr.write(`error: ${message}\n`);
  if (error.hint !== undefined) process.stderr.write(`${error.hint.replaceAll(/^/gm, '  ')}\n`);
  if (debug === 'stack') process.stderr.write(`${stack}\n`);
  return error.exitCode;
}

const args = process.argv.slice(2);
outliveReaders();
try {
  await main(args);
} catch (error) {
  process.exitCode = explain(error, args.includes('--debug') ? 'stack' : 'message');
}
