import { open, rename, rm, writeFile } from 'node:fs/promises';
import { UserError } from './user-error.ts';

/**
 * Writes beside the file, flushes, and renames over it; leaves nothing half-written when it cannot.
 * @param hint what else a user could do
 * @throws UserError (exit code 3)
 */
export async function writeAtomically(path: string, content: string, hint: string): Promise<void> {
  // of its own for each process: two may write the same file
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, content);
    const file = await open(temporary, 'r');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw unwritable(path, cause, hint);
  }
}

/** What to tell of a file or folder that the system does not let be written. */
export function unwritable(path: string, cause: unknown, hint: string): UserError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const reason = code === 'EEXIST' || code === 'ENOTDIR' ? 'a file is in its way' : message;
  return new UserError(`${path}: cannot be written: ${reason}`, {
    code: 'result.unwritable',
    exitCode: 3,
    hint,
    cause,
  });
}
