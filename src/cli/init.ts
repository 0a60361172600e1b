import { access, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { Command } from 'commander';
import { starterDecision } from '../decision/index.ts';
import { makeFolder } from '../make-folder.ts';
import { STARTER_FILES, STARTER_SCENARIO } from '../scenario/index.ts';
import { UserError } from '../user-error.ts';
import { folder } from './arguments.ts';
import type { CliContext } from './context.ts';
import { today } from './today.ts';

interface InitFlags {
  readonly dir: string;
  readonly force?: true;
  readonly decision?: true;
}

export function initCommand({ signal }: CliContext): Command {
  return new Command('init')
    .description('write mqbench.yaml and a first scenario, or a first decision.yaml')
    .option('--dir <folder>', 'the folder of the project', folder, '.')
    .option('--decision', 'write decision.yaml, and nothing else')
    .option('--force', 'overwrite files that are there')
    .action((flags: InitFlags) => init(flags, signal));
}

async function init({ dir, force, decision }: InitFlags, signal: AbortSignal): Promise<void> {
  const starters =
    decision === true ? [{ path: 'decision.yaml', text: starterDecision(today()) }] : STARTER_FILES;
  const files = starters.map(({ path, text }) => ({ path: join(dir, path), text }));
  if (force !== true) await refuseToOverwrite(files.map((file) => file.path));
  for (const { path, text } of files) {
    await write(path, text, force === true ? 'w' : 'wx', signal);
    process.stdout.write(`wrote ${path}\n`);
  }
  const goThere = relative('.', dir) === '' ? '' : `cd ${dir} && `;
  const next = decision === true ? 'decide' : `run ${STARTER_SCENARIO}`;
  process.stdout.write(`next: ${goThere}npx mqbench ${next}\n`);
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

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
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
