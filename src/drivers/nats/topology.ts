import type { ConsumerConfig, JetStreamManager, StreamConfig } from '@nats-io/jetstream';
import type { Contract } from '../../scenario/index.ts';
import { deadLettersOf } from '../dead-letters.ts';
import type { EffectiveContract, Subscription, TopicSpec } from '../driver.ts';
import { ContractRefused } from '../errors.ts';
import type { NatsConfig } from './config.ts';
import type { Realisation } from './contract.ts';
import { Gone, isGone } from './failure.ts';
import { durableName, streamName, subjectOf, topicOf } from './names.ts';

const NANOSECONDS = 1_000_000;

/** The topics themselves, and those of their dead letters. */
export function withDeadLetters(topics: readonly TopicSpec[]): readonly TopicSpec[] {
  return topics.flatMap((topic) => {
    if (topic.retry === undefined) return [topic];
    const dead = topic.subscriptions.map((name) => {
      const letters = deadLettersOf({ topic: topic.name, name });
      return { name: letters.topic, partitions: 1, subscriptions: [letters.name] };
    });
    return [topic, ...dead];
  });
}

export async function createTopic(
  jsm: JetStreamManager,
  topic: TopicSpec,
  realisation: Realisation,
  config: NatsConfig,
): Promise<void> {
  await jsm.streams.add(streamConfig(topic, realisation, config));
  for (const name of topic.subscriptions) {
    for (const each of consumerConfigs({ topic: topic.name, name }, topic.partitions, realisation, config)) {
      await jsm.consumers.add(streamName(topic.name), each);
    }
  }
}

export async function isThere(jsm: JetStreamManager, topic: string): Promise<boolean> {
  try {
    await jsm.streams.info(streamName(topic));
    return true;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

/** Fine when it is gone. */
export async function deleteTopic(jsm: JetStreamManager, topic: string): Promise<void> {
  try {
    await jsm.streams.delete(streamName(topic));
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** @throws Gone when there is no such topic */
export async function readPartitions(jsm: JetStreamManager, topic: string): Promise<number> {
  try {
    return (await jsm.streams.info(streamName(topic))).config.subjects.length;
  } catch (error) {
    if (isGone(error)) throw new Gone(`there is no topic ${topic}`);
    throw error;
  }
}

/** The durable consumers of a subscription. */
export function durablesOf(name: string, partitions: number, ordering: NatsConfig['ordering']): string[] {
  if (ordering === 'none') return [durableName(name, 'all')];
  return Array.from({ length: partitions }, (_, partition) => durableName(name, partition));
}

/** Messages that the durables of a subscription have not delivered, and those delivered but not settled. */
export async function readBacklog(
  jsm: JetStreamManager,
  { topic, name }: Subscription,
  ordering: NatsConfig['ordering'],
): Promise<number> {
  const durables = durablesOf(name, await readPartitions(jsm, topic), ordering);
  let messages = 0;
  for (const durable of durables) {
    const info = await jsm.consumers.info(streamName(topic), durable);
    messages += info.num_pending + info.num_ack_pending;
  }
  return messages;
}

/** Names of topics; those of their consumers go with them. */
export async function deleteStreams(jsm: JetStreamManager, prefix: string): Promise<string[]> {
  const topics: string[] = [];
  for await (const name of jsm.streams.names()) {
    if (topicOf(name).startsWith(prefix)) topics.push(topicOf(name));
  }
  for (const topic of topics) await deleteTopic(jsm, topic);
  return topics;
}

/**
 * What the streams and consumers amount to, by the server's own account (STREAM.INFO, CONSUMER.INFO).
 *
 * @throws ContractRefused when one is not what was asked for
 */
export async function readBack(
  jsm: JetStreamManager,
  asked: Contract,
  realisation: Realisation,
  topics: readonly TopicSpec[],
  config: NatsConfig,
): Promise<EffectiveContract> {
  const settings: Record<string, string | number | boolean> = {};
  for (const topic of topics) {
    const stream = streamName(topic.name);
    const wanted = streamConfig(topic, realisation, config);
    const { config: actual } = await jsm.streams.info(stream);
    for (const name of ['storage', 'num_replicas', 'retention', 'duplicate_window'] as const) {
      requireSame(asked, stream, name, actual[name], wanted[name]);
      settings[name] = name === 'duplicate_window' ? `${actual[name] / 1e9} s` : actual[name];
    }
    for (const name of topic.subscriptions) {
      const subscription = { topic: topic.name, name };
      for (const each of consumerConfigs(subscription, topic.partitions, realisation, config)) {
        const durable = each.durable_name;
        const read = (await jsm.consumers.info(stream, durable)).config;
        for (const setting of ['ack_policy', 'max_ack_pending'] as const) {
          requireSame(asked, `${stream}/${durable}`, setting, read[setting], each[setting]);
          settings[setting] = read[setting] ?? 'none';
        }
        if (read.ack_wait !== undefined) settings['ack_wait'] = `${read.ack_wait / NANOSECONDS} ms`;
      }
    }
  }
  const { acknowledged, sentAgain } = realisation.conduct;
  const client = {
    publish: acknowledged ? 'JetStream, PubAck awaited' : 'core NATS, nothing awaited',
    'sent again under its Nats-Msg-Id': sentAgain,
    'consumers per subscription': config.ordering === 'none' ? 'one' : 'one a partition',
  };
  return {
    asked,
    effective: realisation.effective,
    relation: realisation.relation,
    settings: { ...settings, ...client },
    notReadBack: Object.keys(client),
  };
}

type Setting = string | number | undefined;

function requireSame(asked: Contract, where: string, name: string, actual: Setting, wanted: Setting): void {
  if (actual === wanted || wanted === undefined) return;
  throw new ContractRefused(
    asked,
    `${where} has ${name} ${actual ?? 'unset'}, where ${wanted} was asked for`,
  );
}

function streamConfig(topic: TopicSpec, { replicas }: Realisation, config: NatsConfig) {
  return {
    name: streamName(topic.name),
    subjects: Array.from({ length: topic.partitions }, (_, partition) => subjectOf(topic.name, partition)),
    storage: 'file',
    // messages stay until the stream is deleted: what is settled is a matter of each consumer
    retention: 'limits',
    num_replicas: replicas,
    duplicate_window: config.duplicateWindowSeconds * 1e9,
  } satisfies Partial<StreamConfig>;
}

type Durable = Partial<ConsumerConfig> & { readonly durable_name: string };

function consumerConfigs(
  { topic, name }: Subscription,
  partitions: number,
  { conduct }: Realisation,
  { ordering, ackWaitMs }: NatsConfig,
): readonly Durable[] {
  // without acknowledgements the server forgets a message when it has sent it: nothing to wait for
  const settling = conduct.acknowledged
    ? { ack_policy: 'explicit' as const, ack_wait: ackWaitMs * NANOSECONDS, max_deliver: -1 }
    : { ack_policy: 'none' as const };
  return durablesOf(name, partitions, ordering).map((durable, partition) => ({
    durable_name: durable,
    deliver_policy: 'all',
    replay_policy: 'instant',
    ...settling,
    ...(ordering === 'none' ? {} : { filter_subject: subjectOf(topic, partition) }),
    ...(conduct.acknowledged ? { max_ack_pending: ordering === 'none' ? -1 : 1 } : {}),
  }));
}
