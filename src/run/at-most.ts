import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves with the promise, or after that time, whatever becomes of it then. Rejects as it does before. */
export async function atMost(ms: number, promise: Promise<void>): Promise<void> {
  const patience = new AbortController();
  try {
    await Promise.race([promise, sleep(ms, undefined, { signal: patience.signal })]);
  } finally {
    patience.abort();
  }
}
