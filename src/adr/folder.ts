import { readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '../user-error.ts';
import { readText } from '../yaml/index.ts';
import { padded, readHeading, type Heading } from './heading.ts';

/** An ADR, as it lies in its folder. */
export interface AdrFile {
  readonly path: string;
  readonly text: string;
  readonly heading: Heading;
}

/** @throws UserError (exit code 2) for a file that cannot be read */
async function readAdr(path: string): Promise<AdrFile> {
  const text = await readText(path);
  return { path, text, heading: readHeading(text, path) };
}

/** What is in a folder of ADRs. */
export interface AdrFolder {
  /** by their names */
  readonly adrs: readonly AdrFile[];
  /** why each of the others cannot be read */
  readonly unreadable: readonly { readonly path: string; readonly error: UserError }[];
  /** numbers that several have, with their paths */
  readonly doubles: readonly (readonly [number: number, paths: readonly string[]])[];
}

/** The ADRs of a folder: files whose names begin with a number or a date. */
export async function readAdrs(directory: string): Promise<AdrFolder> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((cause: unknown) => {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new UserError(`${directory}: ${code === 'ENOENT' ? 'no such folder' : message}`, {
      code: 'adr.no-folder',
      exitCode: 2,
      hint: 'name the folder of your decisions with --dir',
      cause,
    });
  });
  const records = entries
    .filter((entry) => !entry.isDirectory() && /^\d+-.+\.md$/.test(entry.name))
    .map(({ name }) => name)
    .toSorted();
  const read = await Promise.all(
    records.map((name) =>
      readAdr(join(directory, name)).catch((error: unknown) => {
        // one that is broken hides no other
        if (error instanceof UserError) return { path: join(directory, name), error };
        throw error;
      }),
    ),
  );
  const adrs = read.flatMap((each) => ('error' in each ? [] : [each]));
  return {
    adrs,
    unreadable: read.flatMap((each) => ('error' in each ? [each] : [])),
    doubles: doublesAmong(adrs),
  };
}

function doublesAmong(adrs: readonly AdrFile[]): AdrFolder['doubles'] {
  const byNumber = new Map<number, string[]>();
  for (const { path, heading } of adrs) {
    if (heading.number === undefined) continue;
    byNumber.set(heading.number, [...(byNumber.get(heading.number) ?? []), path]);
  }
  return [...byNumber].filter(([, paths]) => paths.length > 1);
}

/** @throws UserError (exit code 2) where there is none, or several */
export function numbered(
  { adrs, unreadable, doubles }: AdrFolder,
  number: number,
  directory: string,
): AdrFile {
  const [, same] = doubles.find(([double]) => double === number) ?? [];
  if (same !== undefined) {
    throw new UserError(`${padded(number)} is the number of ${same.join(' and ')}`, {
      code: 'adr.double',
      exitCode: 2,
      hint: 'rename one of them',
    });
  }
  const found = adrs.find(({ heading }) => heading.number === number);
  if (found !== undefined) return found;
  const broken = unreadable.find(({ path }) => Number.parseInt(basename(path), 10) === number);
  if (broken !== undefined) throw broken.error;
  throw new UserError(`${directory} has no ADR ${padded(number)}`, {
    code: 'adr.unknown',
    exitCode: 2,
    hint: `mqbench adr list --dir ${directory}`,
  });
}

/** By its number or its path. @throws UserError (exit code 2) */
export async function findAdr(numberOrPath: string, directory: string): Promise<AdrFile> {
  if (!/^\d{1,5}$/.test(numberOrPath)) return readAdr(numberOrPath);
  return numbered(await readAdrs(directory), Number(numberOrPath), directory);
}

/** @throws UserError (exit code 3) where it cannot be written */
export async function writeAdr(path: string, text: string, how: 'new' | 'replace'): Promise<void> {
  await writeFile(path, text, { flag: how === 'new' ? 'wx' : 'w' }).catch((cause: unknown) => {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new UserError(`${path}: ${code === 'EEXIST' ? 'is there already' : message}`, {
      code: 'adr.unwritable',
      exitCode: code === 'EEXIST' ? 2 : 3,
      cause,
    });
  });
}
