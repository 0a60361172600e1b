import { readdir, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import {
  canonicalJson,
  decide,
  REGIONS,
  type DecisionSources,
  type Matrix,
  type RegionName,
} from '../decision/index.ts';
import { readCampaigns } from '../result/index.ts';
import { UserError } from '../user-error.ts';
import { didYouMean, quote, readText } from '../yaml/index.ts';
import { readHeading, type Heading } from './heading.ts';
import { shortHash } from './regions.ts';

/** An ADR, as it lies in its folder. */
export interface AdrFile {
  readonly path: string;
  readonly text: string;
  readonly heading: Heading;
}

/** What an ADR rests on: the key `mqbench` of its front matter, with paths from its own folder. */
export interface Basis {
  readonly decision: string;
  readonly results: readonly string[];
  /** id of the option that it chose */
  readonly chosen: string;
}

const basisSchema = z.strictObject(
  {
    decision: z.string('decision must be the path of a decision file').min(1, 'decision is empty'),
    results: z
      .union(
        [z.string().transform((path) => [path]), z.array(z.string())],
        'results must be the path of a campaign, or a list of them',
      )
      .default([]),
    chosen: z.string('chosen must be the id of an option').min(1, 'chosen is empty'),
  },
  {
    error: ({ code, keys }) =>
      code === 'unrecognized_keys' ? `unknown key ${keys?.map(quote).join(', ')}` : 'it must be a mapping',
  },
);

/** @throws UserError (exit code 2) for a file that cannot be read */
export async function readAdr(path: string): Promise<AdrFile> {
  const text = await readText(path);
  return { path, text, heading: readHeading(text, path) };
}

/** What is in a folder of ADRs. */
export interface AdrFolder {
  /** by their names */
  readonly adrs: readonly AdrFile[];
  /** why each of the others cannot be read */
  readonly unreadable: readonly UserError[];
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
        if (error instanceof UserError) return error;
        throw error;
      }),
    ),
  );
  const adrs = read.flatMap((each) => (each instanceof UserError ? [] : [each]));
  return {
    adrs,
    unreadable: read.filter((each) => each instanceof UserError),
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

/**
 * undefined for an ADR that rests on no decision file.
 * @throws UserError (exit code 2) where its front matter says so wrongly
 */
export function basisOf({ path, heading }: AdrFile): Basis | undefined {
  const told = heading.frontMatter['mqbench'];
  if (told === undefined) return undefined;
  const parsed = basisSchema.safeParse(told);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ message }) => message).join('; ');
  throw new UserError(`${path}: mqbench in its front matter: ${faults}`, {
    code: 'adr.basis',
    exitCode: 2,
    hint: 'its front matter needs mqbench: { decision: decision.yaml, results: [results], chosen: kafka }',
  });
}

const STATUSES = ['proposed', 'accepted', 'rejected', 'deprecated', 'superseded'] as const;
type Status = (typeof STATUSES)[number];

/**
 * Where a decision stands; one that does not say so is proposed.
 * @throws UserError (exit code 2) for what is no status: an accepted ADR with a slip in it would be rewritten
 */
export function statusOf({ path, heading }: AdrFile): Status {
  const told = heading.frontMatter['status'];
  const status =
    told === undefined || typeof told === 'string' ? (heading.status ?? 'proposed') : JSON.stringify(told);
  const [word = ''] = status.split(' ');
  const found = STATUSES.find((each) => each === word);
  if (found !== undefined) return found;
  throw new UserError(`${path}: unknown status ${quote(status)}${didYouMean(word, STATUSES)}`, {
    code: 'adr.status',
    exitCode: 2,
    hint: `it is one of ${STATUSES.join(', ')}`,
  });
}

/** What an ADR should say by what it rests on now. */
export interface Rendering {
  readonly matrix: Matrix;
  readonly contents: Readonly<Record<RegionName, readonly string[]>>;
  /** hash of the meaning of the decision and of its evidence, not of their bytes */
  readonly inputs: string;
}

export async function renderBasis(basis: Basis, adrPath: string): Promise<Rendering> {
  const from = (path: string): string => beside(adrPath, path);
  const matrix = await weighFile(from(basis.decision), () => readCampaigns(basis.results.map(from)));
  const contents = Object.fromEntries(
    Object.entries(REGIONS).map(([name, render]) => [name, render(matrix)]),
  ) as unknown as Rendering['contents'];
  return { matrix, contents, inputs: shortHash(meaningOf(matrix)) };
}

/**
 * A decision from its file, with the price sheet that lies where it says.
 * @throws UserError (exit code 2) for a file that cannot be read or is not valid
 */
export async function weighFile(file: string, results: DecisionSources['results']): Promise<Matrix> {
  return decide(file, {
    decision: () => readText(file),
    prices: async (path) => {
      const sheet = beside(file, path);
      return { text: await readText(sheet), file: sheet };
    },
    results,
  });
}

/** What a file means by a path: one that is not absolute begins in its folder. */
function beside(file: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path);
}

/** Where something stands, which is no part of what it means. */
const OF_THE_FILE: ReadonlySet<string> = new Set(['file', 'position']);

/** What the matrix is made from, as text that does not depend on how it was written down. */
function meaningOf({ decision, options, costs }: Matrix): string {
  return canonicalJson({ decision, costs, cells: options.map(({ cells }) => cells) }, OF_THE_FILE);
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
