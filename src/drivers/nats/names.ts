/**
 * A stream may not have dots in its name (ADR-6 of nats-architecture-and-design), and topics have no
 * underscores: so each name is the other's.
 */
export function streamName(topic: string): string {
  return topic.replaceAll('.', '_');
}

export function topicOf(stream: string): string {
  return stream.replaceAll('_', '.');
}

/** One subject a partition; the stream's list of them tells how many there are. */
export function subjectOf(topic: string, partition: number): string {
  return `${topic}.${partition}`;
}

/** The durable consumer of a subscription, or of one partition of it. */
export function durableName(subscription: string, partition: number | 'all'): string {
  const name = streamName(subscription);
  return partition === 'all' ? name : `${name}_p${partition}`;
}
