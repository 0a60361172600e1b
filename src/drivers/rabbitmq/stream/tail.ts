import { setTimeout as delay } from 'node:timers/promises';
import type { ChannelModel, ConsumeMessage } from 'amqplib';
import { onChannel } from '../partitions.ts';

const PATIENCE_MS = 2_000;

/** AMQP's largest: the last chunk and whatever is committed meanwhile must not wait for credit. */
const PREFETCH = 65_535;

/**
 * The last message of a stream, which must not be empty: of an empty one the server would say nothing, and
 * nothing tells that from an answer that is late. (What a passive declaration says of a stream is a statistic,
 * up to 5 s old: 0 messages just after 500 were confirmed, on 3.10.8.)
 *
 * A consumer at `last` gets the last committed chunk and all that is committed after it in one go, before the
 * channel's process turns to the cancelling (rabbit_stream_queue.erl, stream_entries/3).
 *
 * @returns undefined when nothing came within 2 s, as while the stream has no leader
 */
export async function lastMessage(model: ChannelModel, stream: string): Promise<ConsumeMessage | undefined> {
  const patience = new AbortController();
  try {
    return await onChannel(model, async (channel) => {
      let last: ConsumeMessage | undefined;
      await channel.prefetch(PREFETCH);
      let answered = (): void => {};
      const answer = new Promise<void>((resolve) => {
        answered = resolve;
      });
      channel.once('close', answered);
      const { consumerTag } = await channel.consume(
        stream,
        (message) => {
          last = message ?? last;
          answered();
        },
        { arguments: { 'x-stream-offset': 'last' } },
      );
      await Promise.race([answer, delay(PATIENCE_MS, undefined, { signal: patience.signal })]);
      await channel.cancel(consumerTag);
      return last;
    });
  } finally {
    patience.abort();
  }
}

/** @throws TypeError for a message that no stream delivered */
export function offsetOf({ properties }: ConsumeMessage): number {
  const offset: unknown = properties.headers?.['x-stream-offset'];
  if (typeof offset !== 'number') throw new TypeError(`x-stream-offset is ${String(offset)}`);
  return offset;
}
