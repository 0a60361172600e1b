import { deadLettersOf } from '../dead-letters.ts';
import type { Subscription, TopicSpec } from '../driver.ts';
import type { Wire } from './connection.ts';
import { Gone } from './failure.ts';
import { membersName, ownersName, startingWith, streamName, topicName } from './names.ts';

const SCAN_COUNT = '1000';

/** Whether any key of it is there, or of the topics of its dead letters, whatever its type. */
export async function isThere(wire: Wire, topic: TopicSpec): Promise<boolean> {
  const { name, partitions, subscriptions, retry } = topic;
  const streams = Array.from({ length: partitions }, (_, partition) => streamName(name, partition));
  if ((await wire.call(['EXISTS', topicName(name), ...streams])) !== 0) return true;
  if (retry === undefined) return false;
  for (const subscription of subscriptions) {
    if (await isThere(wire, deadLetterTopic(name, subscription))) return true;
  }
  return false;
}

/** Creates the streams of a topic with a group for each subscription, and the topics of its dead letters. */
export async function createTopic(wire: Wire, topic: TopicSpec): Promise<void> {
  const { name, partitions, subscriptions, retry } = topic;
  await wire.call(['HSET', topicName(name), 'partitions', String(partitions)]);
  for (let partition = 0; partition < partitions; partition++) {
    for (const group of subscriptions) {
      // from 0: a message that is sent before any consumer attaches is delivered too
      await wire.call(['XGROUP', 'CREATE', streamName(name, partition), group, '0', 'MKSTREAM']);
    }
  }
  if (retry === undefined) return;
  for (const subscription of subscriptions) await createTopic(wire, deadLetterTopic(name, subscription));
}

/** Fine when some of it is gone. */
export async function deleteTopic(
  wire: Wire,
  { name, partitions, subscriptions, retry }: TopicSpec,
): Promise<void> {
  const streams = Array.from({ length: partitions }, (_, partition) => streamName(name, partition));
  const places = subscriptions.flatMap((each) => {
    const subscription = { topic: name, name: each };
    return [membersName(subscription), ownersName(subscription)];
  });
  await wire.call(['DEL', topicName(name), ...streams, ...places]);
  if (retry === undefined) return;
  for (const subscription of subscriptions) await deleteTopic(wire, deadLetterTopic(name, subscription));
}

function deadLetterTopic(topic: string, name: string): TopicSpec {
  const dead = deadLettersOf({ topic, name });
  return { name: dead.topic, partitions: 1, subscriptions: [dead.name] };
}

/** @throws Gone when there is no such topic */
export async function readPartitions(wire: Wire, topic: string): Promise<number> {
  const partitions = await wire.call(['HGET', topicName(topic), 'partitions']);
  if (typeof partitions !== 'string') throw new Gone(`redis has no topic ${topic}`);
  return Number(partitions);
}

/**
 * What the group has not been given (lag) and what it has not settled (pending). undefined where the server
 * does not tell the lag: before Redis 7, and NULL after an entry was deleted by somebody else, for nothing is
 * trimmed here (https://redis.io/docs/latest/commands/xinfo-groups/#consumer-group-lag).
 */
export async function readBacklog(wire: Wire, { topic, name }: Subscription): Promise<number | undefined> {
  const partitions = await readPartitions(wire, topic);
  const streams = Array.from({ length: partitions }, (_, partition) => streamName(topic, partition));
  const replies = await Promise.all(streams.map((stream) => wire.call(['XINFO', 'GROUPS', stream])));
  return backlogOf(replies, name);
}

/** @param replies of XINFO GROUPS, one a partition */
export function backlogOf(replies: readonly unknown[], group: string): number | undefined {
  let backlog = 0;
  for (const reply of replies) {
    const groups = (Array.isArray(reply) ? reply : []).map(toRecord);
    const { lag, pending } = groups.find(({ name }) => name === group) ?? {};
    if (typeof lag !== 'number' || typeof pending !== 'number') return undefined;
    backlog += lag + pending;
  }
  return backlog;
}

function toRecord(pairs: unknown): Readonly<Record<string, unknown>> {
  const flat: readonly unknown[] = Array.isArray(pairs) ? pairs : [];
  const entries = flat.flatMap((name, index) =>
    index % 2 === 0 ? [[String(name), flat[index + 1]] as const] : [],
  );
  return Object.fromEntries(entries);
}

/** Deletes every key that starts with the prefix; returns their names. */
export async function deleteKeys(wire: Wire, prefix: string): Promise<readonly string[]> {
  const found = new Set<string>();
  let cursor = '0';
  do {
    const reply = await wire.call(['SCAN', cursor, 'MATCH', startingWith(prefix), 'COUNT', SCAN_COUNT]);
    const [next, names]: readonly unknown[] = Array.isArray(reply) ? reply : [];
    for (const name of Array.isArray(names) ? names : []) found.add(String(name));
    cursor = typeof next === 'string' ? next : '0';
  } while (cursor !== '0');
  for (const name of found) await wire.call(['DEL', name]);
  return [...found].sort();
}
