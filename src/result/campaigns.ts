import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../user-error.ts';
import { isImported, readComparable, readResult, type Comparable } from './reading.ts';
import type { Result } from './schema.ts';

/**
 * The results of all campaigns at each of these paths: one campaign, or a folder that has some in it, in the order of
 * their names. What was imported into a folder is left out.
 * @throws UserError (exit code 2) where there are none, or one cannot be read
 */
export async function readCampaigns(paths: readonly string[]): Promise<readonly Result[]> {
  const found = paths.map(async (path) => {
    if (await isOne(path)) return [await readResult(path)];
    const results = (await readComparables(path)).filter((each) => !isImported(each));
    if (results.length === 0) throw noCampaign(path, 'nothing is in it but what was imported');
    return results;
  });
  return (await Promise.all(found)).flat();
}

/**
 * As readCampaigns of one path, and what was imported too.
 * @throws UserError (exit code 2) where there are none, or one cannot be read
 */
export async function readComparables(path: string): Promise<readonly Comparable[]> {
  if (await isOne(path)) return [await readComparable(path)];
  const names = await readdir(path).catch((cause: unknown) => {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason =
      code === 'ENOENT' ? 'no such folder' : code === 'ENOTDIR' ? 'a file, and no result.json' : message;
    throw noCampaign(path, reason, cause);
  });
  const campaigns: string[] = [];
  for (const name of names.toSorted()) {
    if (await isFile(join(path, name, 'result.json'))) campaigns.push(join(path, name));
  }
  if (campaigns.length === 0) throw noCampaign(path, 'no campaign is in it');
  return Promise.all(campaigns.map(readComparable));
}

async function isOne(path: string): Promise<boolean> {
  return path.endsWith('.json') || (await isFile(join(path, 'result.json')));
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
