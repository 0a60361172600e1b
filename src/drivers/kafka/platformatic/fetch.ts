import type { ConnectionPool, Consumer } from '@platformatic/kafka';
import type { Headers } from '../../driver.ts';
import type { FetchedRecord } from '../inbox.ts';
import { fetchMaxWaitMs } from '../limits.ts';

const maxBytes = 10 * 1024 * 1024;
const maxBytesPerPartition = 1024 * 1024;
/** of a batch that holds markers of transactions, not messages */
const controlAttribute = 1 << 5;

const empty = Buffer.alloc(0);

export interface FetchSource {
  /** the broker that leads the partitions */
  readonly node: number;
  readonly topicId: string;
  readonly partitions: readonly number[];
  readonly positions: ReadonlyMap<number, bigint>;
}

export interface Fetched {
  readonly records: readonly FetchedRecord[];
  /** where to go on, for the partitions that had anything */
  readonly positions: ReadonlyMap<number, bigint>;
}

/** One request; waits at the broker until there is something to read, at most `fetchMaxWaitMs`. */
export async function fetchRecords(
  consumer: Consumer,
  connectionPool: ConnectionPool,
  { node, topicId, partitions, positions }: FetchSource,
): Promise<Fetched> {
  const response = await consumer.fetch({
    node,
    connectionPool,
    minBytes: 1,
    maxBytes,
    maxWaitTime: fetchMaxWaitMs,
    topics: [
      {
        topicId,
        partitions: partitions.map((partition) => ({
          partition,
          fetchOffset: positions.get(partition) ?? 0n,
          partitionMaxBytes: maxBytesPerPartition,
          // not known; the broker does not check it then
          currentLeaderEpoch: -1,
          lastFetchedEpoch: -1,
        })),
      },
    ],
  });
  const records: FetchedRecord[] = [];
  const next = new Map<number, bigint>();
  for (const { partitions: answers } of response.responses) {
    for (const { partitionIndex: partition, records: batches } of answers) {
      const position = positions.get(partition);
      if (position === undefined) continue;
      const first = Number(position);
      for (const { firstOffset, lastOffsetDelta, attributes, records: inBatch } of batches ?? []) {
        next.set(partition, firstOffset + BigInt(lastOffsetDelta) + 1n);
        if ((attributes & controlAttribute) !== 0) continue;
        for (const { offsetDelta, value, headers } of inBatch) {
          const offset = Number(firstOffset) + offsetDelta;
          // a broker answers with whole batches, and the position may be in the middle of one
          if (offset < first) continue;
          records.push({ partition, offset, payload: value ?? empty, headers: decodeHeaders(headers) });
        }
      }
    }
  }
  return { records, positions: next };
}

function decodeHeaders(encoded: readonly (readonly [Buffer | null, Buffer | null])[]): Headers | undefined {
  if (encoded.length === 0) return undefined;
  return Object.fromEntries(encoded.map(([name, value]) => [String(name ?? ''), String(value ?? '')]));
}
