import type { Channel, ChannelModel, Replies } from 'amqplib';
import type { Subscription } from '../driver.ts';
import type { Management } from './management.ts';
import { queueName } from './names.ts';
import { onChannel, readPartitions } from './partitions.ts';

/** An empty answer as late as this may be a time-out. */
const SILENCE_MS = 240;
const ATTEMPTS = 3;

/** A consumer of the subscription in this very driver, whose unsettled messages are known at first hand. */
export interface OwnConsumer {
  readonly partitions: readonly number[];
  readonly unsettled: number;
}

/**
 * Messages stored for the subscription and not yet settled.
 *
 * How many wait in a queue is what a passive declaration answers, exactly. How many are out with consumers is
 * known exactly for consumers of this driver and for queues without any; for those of other agents only by
 * the management API's statistics, which lag by up to 5 s. So the figure is exact once nothing has happened
 * for 5 s. A quorum queue that cannot answer within 250 ms says 0 messages and 0 consumers
 * (rabbit_quorum_queue.erl, stat/1); such a late answer is asked for again, and left to the statistics then.
 *
 * @returns undefined where other agents consume and the management API does not answer
 */
export async function readBacklog(
  model: ChannelModel,
  subscription: Subscription,
  own: readonly OwnConsumer[],
  management: Management | undefined,
): Promise<number | undefined> {
  const partitions = await readPartitions(model, subscription.topic);
  const ownPartitions = new Set(own.flatMap((consumer) => consumer.partitions));
  return onChannel(model, async (channel) => {
    let messages = own.reduce((sum, { unsettled }) => sum + unsettled, 0);
    for (let partition = 0; partition < partitions; partition++) {
      const queue = queueName(subscription, partition);
      const answer = await ask(channel, queue);
      messages += answer?.messageCount ?? 0;
      if (answer !== undefined && (ownPartitions.has(partition) || answer.consumerCount === 0)) continue;
      if (management === undefined) return undefined;
      const report = await management.queue(queue);
      messages += (answer === undefined ? report.messages : report.messages_unacknowledged) ?? 0;
    }
    return messages;
  });
}

/** undefined when the queue did not answer in time */
async function ask(channel: Channel, queue: string): Promise<Replies.AssertQueue | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const askedMs = performance.now();
    const answer = await channel.checkQueue(queue);
    const isSilent = answer.messageCount === 0 && answer.consumerCount === 0;
    if (!isSilent || performance.now() - askedMs < SILENCE_MS) return answer;
  }
  return undefined;
}
