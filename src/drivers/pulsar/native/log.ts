import { within } from '../../within.ts';
import { closeTimeoutMs } from '../limits.ts';
import type { NativeReader } from './api.ts';

/** Reads until nothing comes after what was read, and closes the reader. */
export async function readToEnd(
  reader: NativeReader,
  onPayload: (payload: Buffer) => void,
  signal: AbortSignal,
): Promise<void> {
  // ends what is waiting for a message, by an error
  const stop = (): void => void closed(reader);
  signal.addEventListener('abort', stop, { once: true });
  try {
    while (!signal.aborted && reader.hasNext()) onPayload((await reader.readNext()).getData());
  } finally {
    signal.removeEventListener('abort', stop);
    if (!signal.aborted) await closed(reader);
  }
  signal.throwIfAborted();
}

async function closed(reader: NativeReader): Promise<void> {
  // a broker that is away misses it by its connection
  await within(closeTimeoutMs, reader.close(), 'closing a reader').catch(() => null);
}
