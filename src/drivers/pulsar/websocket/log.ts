import type { PartitionLog, Position } from '../client.ts';
import type { PulsarConfig } from '../config.ts';
import { endpoint, incomingFrame } from './frame.ts';
import { positionOf } from './message-id.ts';
import type { Socket, SocketOptions } from './socket.ts';

/** Messages that the server sends ahead of those that are acknowledged. */
const AHEAD = 1_000;

/**
 * Reads a partition with a reader of the server's, which has no subscription of ours.
 * @param open see Socket
 */
export async function readPartition(
  config: PulsarConfig,
  { topic, last }: PartitionLog,
  onPayload: (payload: Buffer) => void,
  signal: AbortSignal,
  open: (options: SocketOptions) => Promise<Socket>,
): Promise<void> {
  const url = endpoint(config, 'reader', { topic }, { messageId: 'earliest', receiverQueueSize: AHEAD });
  let fail: (reason: Error) => void = () => {};
  let end = (): void => {};
  const read = new Promise<void>((resolve, reject) => {
    fail = reject;
    end = resolve;
  });
  // it may fail while the socket is still being opened
  read.catch(() => undefined);
  const stop = (): void => fail(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  let socket: Socket | undefined;
  const receive = (text: string): void => {
    // the first may come before the opening has resolved
    if (socket === undefined) return queueMicrotask(() => receive(text));
    const { messageId, payload } = incomingFrame(text);
    const position = positionOf(messageId);
    if (isAfter(position, last)) return end();
    onPayload(payload);
    // gives the server leave to send on
    socket.send(JSON.stringify({ messageId }));
    if (isAfter(last, position)) return;
    if (position.isLast) end();
  };
  try {
    socket = await open({
      url,
      token: config.token,
      signal,
      onMessage: receive,
      // another one would begin anew
      onDown: (reason) => fail(new Error(`the connection was lost: ${reason}`)),
      onLost: fail,
    });
    await read;
  } finally {
    signal.removeEventListener('abort', stop);
    await socket?.close();
  }
}

function isAfter(a: Position, b: Position): boolean {
  return a.ledgerId > b.ledgerId || (a.ledgerId === b.ledgerId && a.entryId > b.entryId);
}
