import type { TopicSpec } from '../../driver.ts';
import { offsetsName, streamName } from '../names.ts';
import type { QueueSpec } from '../queue-spec.ts';
import { FIRST_OFFSET, OFFSETS_ARGUMENTS } from './offsets.ts';

/**
 * A stream for each partition of the topic, which all its subscriptions read, and one for the offsets of each
 * partition and subscription. None is ever empty: see lastMessage.
 */
export function streamsOf(
  topic: TopicSpec,
  queueArguments: QueueSpec['queueArguments'],
): readonly QueueSpec[] {
  const partitions = Array.from({ length: topic.partitions }, (_, partition) => partition);
  const streams = partitions.map((partition) => ({
    name: streamName(topic.name, partition),
    queueArguments,
    routingKey: String(partition),
    firstMessage: 'the beginning of the stream, by mqbench',
  }));
  const offsets = topic.subscriptions.flatMap((name) =>
    partitions.map((partition) => ({
      name: offsetsName({ topic: topic.name, name }, partition),
      queueArguments: { ...queueArguments, ...OFFSETS_ARGUMENTS },
      firstMessage: String(FIRST_OFFSET),
    })),
  );
  return [...streams, ...offsets];
}
