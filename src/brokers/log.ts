import { open, stat } from 'node:fs/promises';

/** The size of a file, 0 where there is none. */
export async function sizeOfFile(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

/** What was written to a log since it had the given size. */
export async function logSince(path: string, fromBytes: number): Promise<string> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  const buffer = Buffer.alloc(Math.max(0, size - fromBytes));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, fromBytes);
  return buffer.toString('utf8', 0, bytesRead);
}

/** The last lines of a text that say something. */
export function lastLines(text: string, count: number): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-count).join('\n');
}
