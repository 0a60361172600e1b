import type { Channel, ChannelModel, Replies } from 'amqplib';
import type { Subscription } from '../driver.ts';
import type { Management, QueueReport } from './management.ts';
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
 * for 5 s. A quorum queue that cannot answer within 250 ms, or whose leader is gone, says 0 messages and 0 consumers
 * (rabbit_quorum_queue.erl, stat/1); such an answer is asked for again, and left to the statistics then.
 *
 * @returns undefined where other agents consume and the management API does not answer, or a queue has no leader
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
      const isOurs = ownPartitions.has(partition);
      const answer = await ask(channel, queue, isOurs ? 'consumed' : 'perhaps idle');
      messages += answer?.messageCount ?? 0;
      if (answer !== undefined && isOurs) continue;
      const isQuiet = answer?.consumerCount === 0;
      if (management === undefined) {
        if (isQuiet) continue;
        return undefined;
      }
      const report = await management.queue(queue);
      if (!hasLeader(report)) return undefined;
      if (!isQuiet)
        messages += (answer === undefined ? report.messages : report.messages_unacknowledged) ?? 0;
    }
    return messages;
  });
}

/**
 * @param state `consumed`: it has a consumer, so that one that says it has none did not answer
 * @returns undefined when the queue did not answer
 */
async function ask(
  channel: Channel,
  queue: string,
  state: 'consumed' | 'perhaps idle',
): Promise<Replies.AssertQueue | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const askedMs = performance.now();
    const answer = await channel.checkQueue(queue);
    const isSilent = answer.messageCount === 0 && answer.consumerCount === 0;
    if (!isSilent) return answer;
    if (state === 'perhaps idle' && performance.now() - askedMs < SILENCE_MS) return answer;
  }
  return undefined;
}

/** What is no quorum queue is not asked. */
function hasLeader({ leader, online }: QueueReport): boolean {
  return online === undefined || (leader !== undefined && online.includes(leader));
}
