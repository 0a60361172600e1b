import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../user-error.ts';
import type { Result } from './schema.ts';
import { readResult } from './store.ts';

/**
 * The results of all campaigns at each of these paths: one campaign, or a folder that has some in it, in the order of
 * their names.
 * @throws UserError (exit code 2) where there are none, or one cannot be read
 */
export async function readCampaigns(paths: readonly string[]): Promise<readonly Result[]> {
  return (await Promise.all(paths.map(campaignsAt))).flat();
}

async function campaignsAt(path: string): Promise<readonly Result[]> {
  if (path.endsWith('.json') || (await isFile(join(path, 'result.json')))) return [await readResult(path)];
  const names = await readdir(path).catch((cause: unknown) => {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw noCampaign(path, code === 'ENOENT' ? 'no such folder' : message, cause);
  });
  const campaigns: string[] = [];
  for (const name of names.toSorted()) {
    if (await isFile(join(path, name, 'result.json'))) campaigns.push(join(path, name));
  }
  if (campaigns.length === 0) throw noCampaign(path, 'no campaign is in it');
  return Promise.all(campaigns.map(readResult));
}

function noCampaign(path: string, reason: string, cause?: unknown): UserError {
  return new UserError(`${path}: ${reason}`, {
    code: 'result.no-campaign',
    exitCode: 2,
    hint: 'give the folder of a campaign, or one that has campaigns in it, such as results',
    cause,
  });
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
