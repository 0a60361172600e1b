import type { JetStreamManager } from '@nats-io/jetstream';
import { streamName } from './names.ts';

/** Messages that the client asks for ahead of those it hands over. */
const AHEAD = 1_000;

/**
 * Reads the stream of a topic from its first message to the last that there is now, with an ordered consumer: an
 * ephemeral one of the client's, which settles nothing and begins anew where it missed a message.
 */
export async function readStream(
  jsm: JetStreamManager,
  topic: string,
  onPayload: (payload: Buffer) => void,
  signal: AbortSignal,
): Promise<void> {
  const stream = streamName(topic);
  const { state } = await jsm.streams.info(stream);
  if (state.messages === 0) return;
  signal.throwIfAborted();
  const consumer = await jsm.jetstream().consumers.get(stream);
  const messages = await consumer.consume({ max_messages: AHEAD });
  const stop = (): void => messages.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const { seq, data } of messages) {
      onPayload(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
      if (seq >= state.last_seq) return;
    }
    signal.throwIfAborted();
    throw new Error(`the stream ${stream} ended before its message ${state.last_seq}`);
  } finally {
    signal.removeEventListener('abort', stop);
    await consumer.delete();
  }
}
