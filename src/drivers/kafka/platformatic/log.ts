import { ConnectionPool, Consumer } from '@platformatic/kafka';
import type { LogRange } from '../client.ts';
import type { KafkaConfig } from '../config.ts';
import { fetchRecords } from './fetch.ts';
import { baseOptions } from './options.ts';

/** Fetches from the leaders of the partitions, one leader at a time, without joining a group. */
export async function readLog(
  config: KafkaConfig,
  { topic, partitions, group }: LogRange,
  onPayload: (payload: Buffer) => void,
  signal: AbortSignal,
): Promise<void> {
  const pool = new ConnectionPool(config.clientId, baseOptions(config));
  // it is of no group until it joins one
  const consumer = new Consumer({ ...baseOptions(config), groupId: group, autocommit: false, retries: 3 });
  try {
    const { topics } = await consumer.metadata({ topics: [topic] });
    const found = topics.get(topic);
    if (found === undefined) throw new Error(`the cluster does not know topic ${topic}`);
    const positions = new Map([...partitions].map(([partition, { start }]) => [partition, BigInt(start)]));
    const left = new Set(partitions.keys());
    while (left.size > 0) {
      signal.throwIfAborted();
      const [first] = left;
      const leaderOf = (partition: number): number => found.partitions[partition]?.leader ?? -1;
      const node = leaderOf(first ?? 0);
      const together = [...left].filter((partition) => leaderOf(partition) === node);
      const source = { node, topicId: found.id, partitions: together, positions };
      const fetched = await fetchRecords(consumer, pool, source);
      for (const { payload } of fetched.records) onPayload(payload);
      for (const [partition, position] of fetched.positions) {
        positions.set(partition, position);
        if (position >= BigInt(partitions.get(partition)?.end ?? 0)) left.delete(partition);
      }
    }
  } finally {
    await consumer.close();
    await pool.close();
  }
}
