import { dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { decide, REGIONS, type DecisionSources, type Matrix, type RegionName } from '../decision/index.ts';
import { canonicalJson, readCampaigns } from '../result/index.ts';
import { UserError } from '../user-error.ts';
import { quote, readText } from '../yaml/index.ts';
import type { AdrFile } from './folder.ts';
import { shortHash } from './regions.ts';

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
