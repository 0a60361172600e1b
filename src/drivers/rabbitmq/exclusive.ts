import type { ChannelModel } from 'amqplib';
import { isGone, replyCode } from './failure.ts';
import { onChannel } from './partitions.ts';

/**
 * Takes an exclusive queue for a lock, which is held until it is deleted or the connection ends.
 *
 * @returns false where another connection has it
 */
export async function holdExclusively(model: ChannelModel, queue: string): Promise<boolean> {
  try {
    await onChannel(model, (channel) => channel.assertQueue(queue, { exclusive: true, durable: false }));
    return true;
  } catch (error) {
    if (isLocked(error)) return false;
    throw error;
  }
}

/** Whether there is such a queue, be it one that another connection holds. */
export async function exists(model: ChannelModel, queue: string): Promise<boolean> {
  try {
    await onChannel(model, (channel) => channel.checkQueue(queue));
    return true;
  } catch (error) {
    if (isLocked(error)) return true;
    if (isGone(error)) return false;
    throw error;
  }
}

/** 405 RESOURCE_LOCKED: another connection has it */
function isLocked(error: unknown): boolean {
  return replyCode(error) === 405;
}
