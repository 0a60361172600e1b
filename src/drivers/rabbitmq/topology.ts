import type { ChannelModel, Options } from 'amqplib';
import type { Contract } from '../../scenario/index.ts';
import type { EffectiveContract, Subscription, TopicSpec } from '../driver.ts';
import { ContractRefused } from '../errors.ts';
import type { QueueType } from './config.ts';
import { deadLetterArguments } from './dead-lettering.ts';
import { conduct, copiesOf, type Realisation } from './contract.ts';
import { exists } from './exclusive.ts';
import type { OwnMessage } from './storing.ts';
import type { Management, QueueReport } from './management.ts';
import { partitionsName, queueName, rosterName } from './names.ts';
import { onChannel } from './partitions.ts';
import type { QueueSpec } from './queue-spec.ts';
import { STORE_EVERY_MS } from './stream/intake.ts';
import { streamsOf } from './stream/topology.ts';

/**
 * Creates a topic: a durable direct exchange, and the queues of `queuesOf`, bound with the number of their
 * partition. All is idempotent.
 *
 * @returns what the queues that were not there must begin with
 */
export async function createTopic(
  model: ChannelModel,
  topic: TopicSpec,
  realisation: Realisation,
): Promise<readonly OwnMessage[]> {
  const queues = queuesOf(topic, realisation);
  const isNew = await areNew(model, queues);
  await onChannel(model, async (channel) => {
    await channel.assertExchange(topic.name, 'direct', { durable: true });
    for (const name of topic.subscriptions) {
      await channel.assertQueue(rosterName({ topic: topic.name, name }), helperOptions(realisation));
    }
    for (const { name, queueArguments, routingKey } of queues) {
      await channel.assertQueue(name, { durable: true, arguments: queueArguments });
      if (routingKey !== undefined) await channel.bindQueue(name, topic.name, routingKey);
    }
    // last, since it is what producers and consumers look for; filled with `partitionsNote`
    await channel.assertQueue(partitionsName(topic.name), helperOptions(realisation));
    await channel.purgeQueue(partitionsName(topic.name));
  });
  return queues.flatMap(({ name, firstMessage }) =>
    firstMessage === undefined || !isNew.has(name) ? [] : [{ queue: name, content: firstMessage }],
  );
}

/** Deletes what `createTopic` created; fine when some of it is gone, for RabbitMQ does not mind either. */
export async function deleteTopic(
  model: ChannelModel,
  topic: TopicSpec,
  realisation: Realisation,
): Promise<void> {
  await onChannel(model, async (channel) => {
    await channel.deleteExchange(topic.name);
    await channel.deleteQueue(partitionsName(topic.name));
    for (const { name } of queuesOf(topic, realisation)) await channel.deleteQueue(name);
    for (const name of topic.subscriptions) {
      await channel.deleteQueue(rosterName({ topic: topic.name, name }));
    }
  });
}

/**
 * What the queues amount to, by the server's own account where its management API answers.
 *
 * @throws ContractRefused when a queue is not what was asked for, as by a policy
 */
export async function readBack(
  asked: Contract,
  realisation: Realisation,
  topics: readonly TopicSpec[],
  queueType: QueueType,
  management: Management | undefined,
): Promise<EffectiveContract> {
  const { confirms, deliveryMode, noAck } = conduct(asked, queueType);
  const members = membersToSee(realisation.queueArguments);
  const client = {
    'confirm.select': confirms,
    mandatory: confirms,
    delivery_mode: deliveryMode,
    no_ack: noAck,
    'basic.qos prefetch_count': noAck ? 'none' : 'consumer window / queues of the consumer',
    [queueType === 'stream' ? 'streams per topic' : 'queues per subscription']: topics
      .map(({ partitions }) => partitions)
      .join(', '),
    ...(queueType === 'stream' ? { 'offsets stored every': `${STORE_EVERY_MS} ms` } : {}),
  };
  const server = {
    durable: true,
    ...realisation.queueArguments,
    ...(members === undefined ? {} : { members }),
    // the declaration itself was accepted, and the server refuses one that differs from the queue it has
    'read back': management === undefined ? 'not, the management API does not answer' : 'management API',
  };
  for (const topic of management === undefined ? [] : topics) {
    for (const { name, queueArguments } of queuesOf(topic, realisation)) {
      const report = await management?.queue(
        name,
        membersToSee(queueArguments) === undefined ? 'at once' : 'members',
      );
      if (report !== undefined) verify(asked, name, report, queueArguments);
    }
  }
  return {
    asked,
    effective: realisation.effective,
    relation: realisation.relation,
    settings: { ...server, ...client },
    notReadBack: [
      ...(management === undefined ? Object.keys(server).filter((name) => name !== 'read back') : []),
      ...Object.keys(client),
    ],
  };
}

/** @throws ContractRefused for the first difference */
function verify(
  asked: Contract,
  queue: string,
  report: QueueReport,
  queueArguments: Realisation['queueArguments'],
): void {
  const members = membersToSee(queueArguments);
  const differences = [
    ['type', report.type, queueArguments['x-queue-type']],
    ['durable', report.durable, true],
    ...Object.entries(queueArguments).map(([name, value]) => [name, report.arguments[name], value] as const),
    ...(members === undefined ? [] : [['members', report.members?.length, members] as const]),
  ] as const;
  for (const [name, actual, wanted] of differences) {
    if (actual === wanted) continue;
    throw new ContractRefused(
      asked,
      `${queue} has ${name} ${String(actual)}, where ${String(wanted)} was asked for`,
    );
  }
}

/**
 * How many members the server must say a queue has. Those of a stream are told 5 s late, as statistics are: of a
 * stream of one copy they are not waited for, and not said to be read back.
 */
function membersToSee(queueArguments: Realisation['queueArguments']): number | undefined {
  const copies = copiesOf(queueArguments);
  return queueArguments['x-queue-type'] === 'stream' && copies === 1 ? undefined : copies;
}

/** A queue for each partition of each subscription; streams are for all subscriptions. */
function queuesOf(topic: TopicSpec, realisation: Realisation): readonly QueueSpec[] {
  if (realisation.queueArguments['x-queue-type'] === 'stream') {
    return streamsOf(topic, realisation.queueArguments);
  }
  return topic.subscriptions.flatMap((name) => {
    const subscription = { topic: topic.name, name };
    return Array.from({ length: topic.partitions }, (_, partition) => ({
      name: queueName(subscription, partition),
      queueArguments: argumentsOf(topic, subscription, realisation),
      routingKey: String(partition),
    }));
  });
}

/** Those of the contract, and those of the topic's retry policy where the broker carries it out. */
function argumentsOf(
  { retry }: TopicSpec,
  subscription: Subscription,
  { queueArguments }: Realisation,
): Realisation['queueArguments'] {
  const isQuorum = queueArguments['x-queue-type'] === 'quorum';
  if (retry === undefined || !isQuorum) return queueArguments;
  return { ...queueArguments, ...deadLetterArguments(subscription, retry) };
}

/**
 * Of the queues that hold no messages of the topic: in as many copies as those that do, or the loss of one node
 * would be the end of them.
 */
function helperOptions({ queueArguments }: Realisation): Options.AssertQueue {
  const copies = copiesOf(queueArguments);
  if (copies === undefined || copies === 1) return { durable: true };
  return {
    durable: true,
    arguments: { 'x-queue-type': 'quorum', 'x-quorum-initial-group-size': copies },
  };
}

/** Names of the queues that must begin with a message, and are not there yet. */
async function areNew(model: ChannelModel, queues: readonly QueueSpec[]): Promise<ReadonlySet<string>> {
  const isNew = new Set<string>();
  for (const { name, firstMessage } of queues) {
    if (firstMessage !== undefined && !(await exists(model, name))) isNew.add(name);
  }
  return isNew;
}
