import type { EachBatchPayload } from 'kafkajs';
import type { LogRange } from '../client.ts';
import type { KafkaConfig } from '../config.ts';
import { within } from '../../within.ts';
import { closeTimeoutMs, fetchMaxWaitMs, sessionTimeoutMs } from '../limits.ts';
import { connect, retries } from './options.ts';

/** kafkajs reads as a member of a group only: of one that nobody else is in, and that commits nothing. */
export async function readLog(
  config: KafkaConfig,
  { topic, partitions, group }: LogRange,
  onPayload: (payload: Buffer) => void,
  signal: AbortSignal,
): Promise<void> {
  const consumer = connect(config, retries(10, 200)).consumer({
    groupId: group,
    sessionTimeout: sessionTimeoutMs,
    minBytes: 1,
    maxWaitTimeInMs: fetchMaxWaitMs,
    allowAutoTopicCreation: false,
  });
  const unread = new Set(partitions.keys());
  let resolve = (): void => {};
  let reject: (reason: Error) => void = () => {};
  const read = new Promise<void>((resolved, rejected) => {
    resolve = resolved;
    reject = rejected;
  });
  const end = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', end, { once: true });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) reject(payload.error);
  });
  const take = async ({ batch }: EachBatchPayload): Promise<void> => {
    if (!unread.has(batch.partition)) return;
    for (const { value } of batch.messages) onPayload(value ?? Buffer.alloc(0));
    // of the batch, also where its last offset is no message's
    if (Number(batch.lastOffset()) + 1 < (partitions.get(batch.partition)?.end ?? 0)) return;
    unread.delete(batch.partition);
    if (unread.size === 0) resolve();
  };
  try {
    signal.throwIfAborted();
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatch: take });
    await read;
  } finally {
    signal.removeEventListener('abort', end);
    // what is under way ends with it
    read.catch(() => undefined);
    // a broker that is away cannot be told
    await within(closeTimeoutMs, consumer.disconnect(), 'leaving the group').catch(() => undefined);
  }
}
