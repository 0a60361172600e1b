import { readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { WORKFLOWS, type Job, type WorkflowFile } from '../ci/index.ts';
import { DEFAULT_REPEATS, starterPolicy } from '../compare/index.ts';
import { starterDecision } from '../decision/index.ts';
import { makeFolder } from '../make-folder.ts';
import { STARTER_FILES, STARTER_SCENARIO } from '../scenario/index.ts';
import { UserError } from '../user-error.ts';
import { folder } from './arguments.ts';
import type { CliContext } from './context.ts';
import { isThere } from './is-there.ts';
import { loadWorkspace } from './sources.ts';
import { today } from './today.ts';

interface InitFlags {
  readonly dir: string;
  readonly force?: true;
  readonly decision?: true;
  readonly ci?: keyof typeof WORKFLOWS;
}

/** What is written, and what comes next. */
interface Starters {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly next: string;
}

export function initCommand({ signal }: CliContext): Command {
  return new Command('init')
    .description('write mqbench.yaml and a first scenario, a first decision.yaml, or a workflow for a CI')
    .option('--dir <folder>', 'the folder of the project', folder, '.')
    .option('--decision', 'write decision.yaml, and nothing else')
    .addOption(
      new Option('--ci <name>', 'write a workflow, and policy.yaml where there is none').choices(
        Object.keys(WORKFLOWS),
      ),
    )
    .option('--force', 'overwrite files that are there')
    .action((flags: InitFlags) => init(flags, signal));
}

async function init(flags: InitFlags, signal: AbortSignal): Promise<void> {
  const { dir, force } = flags;
  const starters = await startersOf(flags);
  const files = starters.files.map(({ path, text }) => ({ path: join(dir, path), text }));
  if (force !== true) await refuseToOverwrite(files.map((file) => file.path));
  for (const { path, text } of files) {
    await write(path, text, force === true ? 'w' : 'wx', signal);
    process.stdout.write(`wrote ${path}\n`);
  }
  process.stdout.write(`next: ${starters.next}\n`);
  if (flags.ci !== undefined) await tellMissingDependency(dir);
}

async function startersOf({ dir, decision, ci }: InitFlags): Promise<Starters> {
  if (decision === true && ci !== undefined) {
    throw new UserError('--decision and --ci each write something else', {
      code: 'init.two-kinds',
      exitCode: 2,
      hint: 'run init twice',
    });
  }
  if (ci !== undefined) {
    const { path, text, next } = await workflowOf(ci, dir);
    // one that is there says what the project wants
    const policy = { path: 'policy.yaml', text: starterPolicy(DEFAULT_REPEATS) };
    const hasPolicy = await isThere(join(dir, policy.path));
    return { files: [{ path, text }, ...(hasPolicy ? [] : [policy])], next };
  }
  const goThere = relative('.', dir) === '' ? '' : `cd ${dir} && `;
  return decision === true
    ? {
        files: [{ path: 'decision.yaml', text: starterDecision(today()) }],
        next: `${goThere}npx mqbench decide`,
      }
    : { files: STARTER_FILES, next: `${goThere}npx mqbench run ${STARTER_SCENARIO}` };
}

/** Of the scenario and the target that the project has for a default, where the repository's CI looks for it. */
async function workflowOf(ci: keyof typeof WORKFLOWS, dir: string): Promise<WorkflowFile> {
  const { defaults, configured } = await loadWorkspace(dir);
  const here = await realpath(dir).catch(() => resolve(dir));
  const root = (await repositoryOf(here)) ?? here;
  const job: Job = {
    scenario: defaults.scenario ?? 'steady-state',
    target: defaults.targets?.[0] ?? configured[0] ?? 'memory',
    repeats: DEFAULT_REPEATS,
    folder: relative(root, here),
    install: (await isThere(join(dir, 'package-lock.json'))) ? 'npm ci' : 'npm install',
  };
  const workflow = WORKFLOWS[ci](job);
  return { ...workflow, path: join(relative(here, root), workflow.path) };
}

/** The root of the repository that a folder is in; undefined: it is in none. */
async function repositoryOf(folder: string): Promise<string | undefined> {
  if (await isThere(join(folder, '.git'))) return folder;
  const above = dirname(folder);
  return above === folder ? undefined : repositoryOf(above);
}

/** The workflow runs no mqbench but one that the project depends on. */
async function tellMissingDependency(dir: string): Promise<void> {
  const text = await readFile(join(dir, 'package.json'), 'utf8').catch(() => '');
  if (text.includes('"mqbench"')) return;
  process.stderr.write(
    'mqbench is no dependency of this project, and the workflow runs no other: npm install --save-dev mqbench\n',
  );
}

/** All of them at once, before anything is written. */
async function refuseToOverwrite(paths: readonly string[]): Promise<void> {
  const present = await Promise.all(paths.map(async (path) => ((await isThere(path)) ? [path] : [])));
  const names = present.flat();
  if (names.length === 0) return;
  throw new UserError(`${names.join(' and ')} ${names.length === 1 ? 'exists' : 'exist'} already`, {
    code: 'init.exists',
    exitCode: 2,
    hint: 'use --force to overwrite, or --dir for another folder',
  });
}

async function write(path: string, text: string, flag: 'w' | 'wx', signal: AbortSignal): Promise<void> {
  try {
    await makeFolder(dirname(path));
    await writeFile(path, text, { flag, signal });
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'AbortError') throw error;
    throw new UserError(`cannot write ${path}: ${error.message}`, {
      code: 'init.unwritable',
      exitCode: 2,
      cause: error,
    });
  }
}
