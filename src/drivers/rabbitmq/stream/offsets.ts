import type { ChannelModel } from 'amqplib';
import type { Subscription } from '../../driver.ts';
import { offsetsName } from '../names.ts';
import { lastMessage } from './tail.ts';

/**
 * The offset with which a new topic's subscriptions begin: that of its first message. Offset 0 is a message of
 * mqbench's own in each stream, so that none is ever empty; see lastMessage.
 */
export const FIRST_OFFSET = 1;

/**
 * What makes a stream of offsets. The server deletes its oldest segment beyond the limit, so it takes 2 MB at
 * most; a store is under 200 bytes.
 */
export const OFFSETS_ARGUMENTS = {
  'x-max-length-bytes': 1_000_000,
  'x-stream-max-segment-size-bytes': 500_000,
} as const;

/**
 * Up to where a subscription has settled a partition: the next offset to read, in decimal, as the last message of
 * a small stream.
 *
 * Over AMQP 0.9.1 the server stores no offsets: an acknowledgement only gives credit (docs/streams, "Feature
 * comparison"). The stream protocol's own tracking puts them into the stream itself, and this is the nearest
 * to it: the same replicas, the same promise (a majority has written it, nobody has flushed it), and anyone may
 * read it at any time. A queue of one message (x-max-length 1) does less well: who reads it takes the message
 * out, so that a second reader finds nothing; a quorum queue, given back 9 while 12 came in, kept 9 (3.10.8);
 * and a classic queue is one copy.
 *
 * A store that fails is made up for by the next one; after the last the successor gets again what was settled
 * since, at least once as promised.
 *
 * @returns undefined while the server does not say
 */
export async function readOffset(
  model: ChannelModel,
  subscription: Subscription,
  partition: number,
): Promise<number | undefined> {
  const last = await lastMessage(model, offsetsName(subscription, partition));
  return last === undefined ? undefined : parseOffset(last.content.toString());
}

/** @throws TypeError for what is no offset: nothing but mqbench writes there */
export function parseOffset(text: string): number {
  const offset = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(offset))
    throw new TypeError(`no offset of a stream: ${text}`);
  return offset;
}
