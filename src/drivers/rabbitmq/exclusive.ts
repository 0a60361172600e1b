import type { ChannelModel } from 'amqplib';
import { replyCode } from './failure.ts';
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
    // 405 RESOURCE_LOCKED
    if (replyCode(error) === 405) return false;
    throw error;
  }
}
