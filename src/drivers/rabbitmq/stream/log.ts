import type { ChannelModel, ConsumeMessage } from 'amqplib';
import { Unanswered } from '../failure.ts';
import { streamName } from '../names.ts';
import { onChannel, readPartitions } from '../partitions.ts';
import { FIRST_OFFSET } from './offsets.ts';
import { lastMessage, offsetOf } from './tail.ts';

/** Messages that the server may send ahead of those that were handed over; it sends whole chunks. */
const PREFETCH = 1_000;

/**
 * Reads the streams of a topic from their first messages to the last ones that there are now. Who reads a stream takes
 * nothing out of it, and the offsets of the subscriptions are elsewhere.
 * @throws Unanswered while a stream does not answer
 */
export async function readStreams(
  model: ChannelModel,
  topic: string,
  onPayload: (payload: Buffer) => void,
  signal: AbortSignal,
): Promise<void> {
  const partitions = await readPartitions(model, topic);
  for (let partition = 0; partition < partitions; partition++) {
    signal.throwIfAborted();
    const stream = streamName(topic, partition);
    const last = await lastMessage(model, stream);
    if (last === undefined) throw new Unanswered(`the end of ${stream} is not known`);
    if (offsetOf(last) >= FIRST_OFFSET) await readTo(model, stream, offsetOf(last), onPayload, signal);
  }
}

async function readTo(
  model: ChannelModel,
  stream: string,
  end: number,
  onPayload: (payload: Buffer) => void,
  signal: AbortSignal,
): Promise<void> {
  await onChannel(model, async (channel) => {
    await channel.prefetch(PREFETCH);
    let stop = (): void => {};
    const read = new Promise<void>((resolve, reject) => {
      stop = () => reject(signal.reason as Error);
      signal.addEventListener('abort', stop, { once: true });
      channel.once('close', () => reject(new Unanswered(`the channel that read ${stream} was closed`)));
      const receive = (message: ConsumeMessage | null): void => {
        if (message === null) return reject(new Unanswered(`the stream ${stream} is gone`));
        const offset = offsetOf(message);
        // a chunk begins before the offset that was asked for, and may go beyond the last
        if (offset >= FIRST_OFFSET && offset <= end) onPayload(message.content);
        channel.ack(message);
        if (offset === end) resolve();
      };
      channel.consume(stream, receive, { arguments: { 'x-stream-offset': FIRST_OFFSET } }).catch(reject);
    });
    try {
      await read;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  });
}
