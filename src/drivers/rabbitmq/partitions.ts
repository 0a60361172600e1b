import type { Channel, ChannelModel } from 'amqplib';
import type { TopicSpec } from '../driver.ts';
import { Gone, isGone, Unanswered } from './failure.ts';
import { partitionsName } from './names.ts';
import type { OwnMessage } from './storing.ts';

/**
 * How many partitions a topic has. See `partitionsName` for how the answer is kept.
 *
 * @throws Gone when there is no such topic; Unanswered
 */
export async function readPartitions(model: ChannelModel, topic: string): Promise<number> {
  return onChannel(model, async (channel) => {
    try {
      const { messageCount } = await channel.checkQueue(partitionsName(topic));
      // a quorum queue without a leader says so too (rabbit_quorum_queue.erl, stat/1)
      if (messageCount === 0) throw new Unanswered(`the partitions of ${topic} are not known`);
      return messageCount;
    } catch (error) {
      if (isGone(error)) throw new Gone(`there is no topic ${topic}`);
      throw error;
    }
  });
}

/** What tells others the number of partitions, see `partitionsName`. */
export function partitionsNote({ name, partitions }: TopicSpec): readonly OwnMessage[] {
  const queue = partitionsName(name);
  return Array.from({ length: partitions }, (_, partition) => ({ queue, content: String(partition) }));
}

/** Runs some calls on a channel of their own, because the server closes the channel of a call that fails. */
export async function onChannel<T>(model: ChannelModel, use: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await model.createChannel();
  let failure: Error | undefined;
  let closed = false;
  channel.on('error', (error) => {
    failure = error;
  });
  channel.on('close', () => {
    closed = true;
  });
  try {
    const result = await use(channel);
    if (failure !== undefined) throw failure;
    return result;
  } finally {
    if (!closed) await channel.close();
  }
}
