import { randomUUID } from 'node:crypto';
import { closeSync, fdatasyncSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

const blockBytes = 4096;
/** a RAM disk would fill memory within a second */
const maxFileBytes = 64 * 1024 * 1024;
const turnMs = 20;

/** How long a broker that writes there waits for the disk. */
export interface FsyncProbe {
  p50Us: number;
  p99Us: number;
  count: number;
}

/**
 * Appends 4 KiB and calls fdatasync, over and over for the given time, in a file of its own in the directory.
 * The calls are synchronous, since the way through Node's thread pool costs more than a fast disk does; the
 * event loop gets its turn every 20 ms.
 */
export async function probeFsync(directory: string, seconds: number): Promise<FsyncProbe> {
  const path = join(directory, `.mqbench-fsync-${randomUUID()}`);
  const file = openSync(path, 'wx');
  try {
    return summarise(await measure(file, seconds));
  } finally {
    closeSync(file);
    rmSync(path);
  }
}

async function measure(file: number, seconds: number): Promise<number[]> {
  const block = Buffer.alloc(blockBytes, 0xa5);
  const durationsUs: number[] = [];
  const endsAtMs = performance.now() + seconds * 1000;
  let turnEndsAtMs = performance.now() + turnMs;
  let writtenBytes = 0;
  do {
    const beganMs = performance.now();
    writeSync(file, block, 0, blockBytes, writtenBytes);
    fdatasyncSync(file);
    durationsUs.push((performance.now() - beganMs) * 1000);
    writtenBytes += blockBytes;
    if (writtenBytes >= maxFileBytes) {
      ftruncateSync(file);
      writtenBytes = 0;
    }
    if (performance.now() > turnEndsAtMs) {
      await nextTurn();
      turnEndsAtMs = performance.now() + turnMs;
    }
  } while (performance.now() < endsAtMs);
  return durationsUs;
}

/** Nearest rank. */
function summarise(durationsUs: number[]): FsyncProbe {
  const sorted = durationsUs.toSorted((a, b) => a - b);
  const quantile = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { p50Us: quantile(0.5), p99Us: quantile(0.99), count: sorted.length };
}
