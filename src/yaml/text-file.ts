import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { endOf, MOST_BYTES } from './document-parser.ts';
import { InvalidDocument } from './problem.ts';
import type { Problem } from './problem.ts';

/**
 * The text of a file that a person wrote, at most 1 MiB of UTF-8. It is read from where it is, so that a
 * pipe (`<(…)`) will do as well.
 * @param shown how to call the file in errors
 * @throws InvalidDocument where there is no such text
 */
export async function readText(path: string, shown = path): Promise<string> {
  return decode(await readBytes(path, shown), shown);
}

async function readBytes(path: string, shown: string): Promise<Buffer> {
  try {
    await using handle = await open(path, 'r');
    return await readAtMost(handle, MOST_BYTES + 1);
  } catch (error) {
    const reason = isSystemError(error) ? (REASONS.get(error.code) ?? error.code) : undefined;
    if (reason === undefined) throw error;
    throw new InvalidDocument(shown, [{ ...NOWHERE, code: 'file.unreadable', message: reason }], error);
  }
}

/** A device such as /dev/zero has no end, so that its size says nothing. */
async function readAtMost(handle: FileHandle, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await handle.read(buffer, filled, bytes - filled, null);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function decode(bytes: Buffer, shown: string): string {
  const refuse = (problem: Problem): InvalidDocument => new InvalidDocument(shown, [problem]);
  if (bytes.length > MOST_BYTES) {
    throw refuse({ ...NOWHERE, code: 'file.too-large', message: 'larger than 1 MiB' });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // The first replacement character of a lenient reading is where the strict one failed.
    const before = new TextDecoder('utf-8').decode(bytes).split('\ufffd', 1)[0] ?? '';
    throw refuse({
      ...endOf(before),
      code: 'file.binary',
      message: 'not a text file: it is not UTF-8 from here on',
    });
  }
}

const NOWHERE = { line: undefined, column: undefined };

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such file'],
  ['ENOTDIR', 'no such file'],
  ['EISDIR', 'is a folder, not a file'],
  ['EACCES', 'may not be read: permission denied'],
  ['EPERM', 'may not be read: permission denied'],
  ['ELOOP', 'is a link that leads to itself'],
  ['ENAMETOOLONG', 'the name is too long'],
]);

export function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
