import type { ChannelModel } from 'amqplib';
import type { Contract } from '../../scenario/index.ts';
import type { EffectiveContract, Subscription, TopicSpec } from '../driver.ts';
import { ContractRefused } from '../errors.ts';
import type { QueueType } from './config.ts';
import { deadLetterArguments } from './dead-lettering.ts';
import { conduct, type Realisation } from './contract.ts';
import type { Management, QueueReport } from './management.ts';
import { partitionsName, queueName, rosterName } from './names.ts';
import { onChannel } from './partitions.ts';

/**
 * Creates a topic: a durable direct exchange, and for each subscription a queue for each partition, bound
 * with the partition's number. All is idempotent.
 */
export async function createTopic(
  model: ChannelModel,
  topic: TopicSpec,
  realisation: Realisation,
): Promise<void> {
  await onChannel(model, async (channel) => {
    await channel.assertExchange(topic.name, 'direct', { durable: true });
    for (const name of topic.subscriptions) {
      const subscription = { topic: topic.name, name };
      await channel.assertQueue(rosterName(subscription), { durable: true });
      for (const queue of queuesOf(subscription, topic.partitions)) {
        await channel.assertQueue(queue.name, {
          durable: true,
          arguments: argumentsOf(topic, subscription, realisation),
        });
        await channel.bindQueue(queue.name, topic.name, queue.routingKey);
      }
    }
    // last, since it is what producers and consumers look for; filled by `notePartitions`
    await channel.assertQueue(partitionsName(topic.name), { durable: true });
    await channel.purgeQueue(partitionsName(topic.name));
  });
}

/** Deletes what `createTopic` created; fine when some of it is gone, for RabbitMQ does not mind either. */
export async function deleteTopic(model: ChannelModel, topic: TopicSpec): Promise<void> {
  await onChannel(model, async (channel) => {
    await channel.deleteExchange(topic.name);
    await channel.deleteQueue(partitionsName(topic.name));
    for (const name of topic.subscriptions) {
      const subscription = { topic: topic.name, name };
      for (const queue of queuesOf(subscription, topic.partitions)) await channel.deleteQueue(queue.name);
      await channel.deleteQueue(rosterName(subscription));
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
  const members = realisation.queueArguments['x-quorum-initial-group-size'];
  const client = {
    'confirm.select': confirms,
    mandatory: confirms,
    delivery_mode: deliveryMode,
    no_ack: noAck,
    'basic.qos prefetch_count': noAck ? 'none' : 'consumer window / queues of the consumer',
    'queues per subscription': topics.map(({ partitions }) => partitions).join(', '),
  };
  const server = {
    durable: true,
    ...realisation.queueArguments,
    ...(members === undefined ? {} : { members }),
    // the declaration itself was accepted, and the server refuses one that differs from the queue it has
    'read back': management === undefined ? 'not, the management API does not answer' : 'management API',
  };
  for (const topic of management === undefined ? [] : topics) {
    for (const name of topic.subscriptions) {
      const subscription = { topic: topic.name, name };
      const queueArguments = argumentsOf(topic, subscription, realisation);
      for (const { name: queue } of queuesOf(subscription, topic.partitions)) {
        const report = await management?.queue(queue);
        if (report !== undefined) verify(asked, queue, report, queueArguments);
      }
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
  const members = queueArguments['x-quorum-initial-group-size'];
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

interface Queue {
  readonly name: string;
  readonly routingKey: string;
}

function queuesOf(subscription: Subscription, partitions: number): readonly Queue[] {
  return Array.from({ length: partitions }, (_, partition) => ({
    name: queueName(subscription, partition),
    routingKey: String(partition),
  }));
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
