import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../user-error.ts';
import { IMPORTED_SCHEMA, importedSchema, type Imported } from './imported-schema.ts';
import { RESULT_SCHEMA, resultSchema, type Result } from './schema.ts';

/** What mqbench compare can read: a campaign, or what another tool measured. */
export type Comparable = Result | Imported;

export function isImported(comparable: Comparable): comparable is Imported {
  return comparable.schema === IMPORTED_SCHEMA;
}

/**
 * Reads a campaign's folder, or its result.json.
 * @throws UserError (exit code 2) for one that is missing, cut off, of another version, or imported
 */
export async function readResult(path: string): Promise<Result> {
  const comparable = await readComparable(path);
  if (!isImported(comparable)) return comparable;
  throw new UserError(`${path}: imported from ${comparable.from}, and no campaign of mqbench`, {
    code: 'result.imported',
    exitCode: 2,
    hint: `it lacks ${comparable.lacks.join('; ')}\nonly mqbench compare reads it`,
  });
}

/**
 * As readResult, or what was imported.
 * @throws UserError (exit code 2) for one that is missing, cut off, or of another version
 */
export async function readComparable(path: string): Promise<Comparable> {
  const file = path.endsWith('.json') ? path : join(path, 'result.json');
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const { code, message } = cause as NodeJS.ErrnoException;
    // `file` is a path that goes on behind a file
    const reason = code === 'ENOTDIR' ? `${path} is a file, and no result.json` : message;
    throw new UserError(`${file}: cannot be read: ${reason}`, {
      code: 'result.unreadable',
      exitCode: 2,
      hint: 'give the folder of a campaign, such as results/20260131T120000Z-steady-state',
      cause,
    });
  });
  const document = parseJson(file, text);
  const schema = schemaNamed(document) === IMPORTED_SCHEMA ? importedSchema : resultSchema;
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw new UserError(`${file}: not a result of this version of mqbench:\n${z.prettifyError(parsed.error)}`, {
    code: 'result.invalid',
    exitCode: 2,
    hint: `the schema it must name is ${RESULT_SCHEMA}`,
  });
}

function schemaNamed(document: unknown): unknown {
  return typeof document === 'object' && document !== null && 'schema' in document
    ? document.schema
    : undefined;
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${file}: not JSON: ${(cause as Error).message}`, {
      code: 'result.not-json',
      exitCode: 2,
      cause,
    });
  }
}
