import type { Subscription } from '../driver.ts';

/** A queue holds one partition of one subscription. The exchange of a topic has the topic's own name. */
export function queueName({ topic, name }: Subscription, partition: number): string {
  return `${topic}.${name}.${partition}`;
}

/**
 * A queue that holds one message for each partition of the topic. AMQP has no way to ask how an exchange is
 * bound, and the management API need not be on; but declaring a queue passively tells how many messages it
 * holds, so any producer or consumer of any agent learns the number of partitions in one round trip.
 */
export function partitionsName(topic: string): string {
  return `${topic}.partitions`;
}

/** A queue for which no message is meant: each consumer of the subscription subscribes to it, and so is counted. */
export function rosterName({ topic, name }: Subscription): string {
  return `${topic}.${name}.consumers`;
}

/** An exclusive queue: the connection that holds it is consumer number `slot` of the subscription. */
export function slotName(subscription: Subscription, slot: number): string {
  return `${rosterName(subscription)}.${slot}`;
}

/** A stream holds one partition of the topic, for all of its subscriptions. */
export function streamName(topic: string, partition: number): string {
  return `${topic}.${partition}`;
}

/** A stream whose last message says up to where a subscription has settled a partition. */
export function offsetsName({ topic, name }: Subscription, partition: number): string {
  return `${topic}.${name}.offsets.${partition}`;
}

/** An exclusive queue: the connection that holds it is the one that reads the partition for the subscription. */
export function lockName({ topic, name }: Subscription, partition: number): string {
  return `${topic}.${name}.lock.${partition}`;
}
