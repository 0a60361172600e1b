import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';

/**
 * Compares with a file of this folder. After a change that is meant, write the files anew with
 * `UPDATE_GOLDEN=1 node --test test/report/*.test.ts`, and review their difference like code.
 */
export async function assertGolden(name: string, text: string): Promise<void> {
  const file = new URL(name, import.meta.url);
  if (process.env['UPDATE_GOLDEN'] === '1') await writeFile(file, text);
  assert.equal(text, await readFile(file, 'utf8'));
}
