import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isSystemError, readText } from '../yaml/index.ts';
import { shownPath } from './scenario-files.ts';
import { parseWorkspace } from './workspace.ts';
import type { Workspace, WorkspaceOptions } from './workspace.ts';

const WORKSPACE_FILE = 'mqbench.yaml';

/** The path of the nearest mqbench.yaml in a folder or one above it, as git finds its own. */
export async function findWorkspace(cwd: string): Promise<string | undefined> {
  const directory = resolve(cwd);
  const path = join(directory, WORKSPACE_FILE);
  if (await exists(path)) return path;
  const parent = dirname(directory);
  return parent === directory ? undefined : findWorkspace(parent);
}

/** @throws UserError for a file that cannot be read or is not valid */
export async function loadWorkspace(cwd: string, options: WorkspaceOptions): Promise<Workspace | undefined> {
  const path = await findWorkspace(cwd);
  if (path === undefined) return undefined;
  const shown = shownPath(path, cwd);
  return parseWorkspace(await readText(path, shown), shown, options);
}

/** A folder counts, so that the mistake is told and not passed over. */
async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isSystemError(error) && ABSENT.has(error.code)) return false;
    throw error;
  }
}

// EACCES: a folder above that may not be searched holds nothing for us.
const ABSENT: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EACCES']);
