import type { Wire } from './connection.ts';
import { toEntries } from './entry.ts';
import { streamName } from './names.ts';
import { readPartitions } from './topology.ts';

/** Entries that are asked for at a time. */
const STRETCH = '1000';

/**
 * Reads the streams of a topic from their first entries to the last ones that there are now. Groups have no part in
 * it: an entry that a group has acknowledged is in the stream until somebody trims it, and nobody does.
 */
export async function readStreams(
  wire: Wire,
  topic: string,
  onPayload: (payload: Buffer) => void,
  signal: AbortSignal,
): Promise<void> {
  const partitions = await readPartitions(wire, topic);
  for (let partition = 0; partition < partitions; partition++) {
    const stream = streamName(topic, partition);
    const [last] = toEntries(await wire.callForBytes(['XREVRANGE', stream, '+', '-', 'COUNT', '1']));
    if (last !== undefined) await readTo(wire, stream, last.id, onPayload, signal);
  }
}

async function readTo(
  wire: Wire,
  stream: string,
  lastId: string,
  onPayload: (payload: Buffer) => void,
  signal: AbortSignal,
): Promise<void> {
  let from = '-';
  for (;;) {
    signal.throwIfAborted();
    const entries = toEntries(await wire.callForBytes(['XRANGE', stream, from, lastId, 'COUNT', STRETCH]));
    for (const { payload } of entries) onPayload(payload);
    const id = entries.at(-1)?.id;
    if (id === undefined || id === lastId) return;
    // beyond it (Redis 6.2)
    from = `(${id}`;
  }
}
