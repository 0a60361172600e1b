import type { Subscription } from '../driver.ts';

/** The stream of a partition. */
export function streamName(topic: string, partition: number): string {
  return `${topic}:${partition}`;
}

/** A hash that tells agents that did not create the topic how many partitions it has. */
export function topicName(topic: string): string {
  return `${topic}:topic`;
}

/** A sorted set: the consumers of a subscription, by when their lease ends (ms of the server's clock). */
export function membersName({ topic, name }: Subscription): string {
  return `${topic}:members:${name}`;
}

/** A hash: which consumer owns a partition. */
export function ownersName({ topic, name }: Subscription): string {
  return `${topic}:owners:${name}`;
}

/** A pattern of SCAN that matches the names that start with the prefix, and no others. */
export function startingWith(prefix: string): string {
  return `${prefix.replaceAll(/[\\*?[\]]/g, String.raw`\$&`)}*`;
}
