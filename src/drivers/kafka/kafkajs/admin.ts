import kafkajs from 'kafkajs';
import type { Admin } from 'kafkajs';
import { CoordinatorAway, coordinatorAwayCodes, GroupNotEmpty } from '../client.ts';
import type { KafkaAdmin, NewTopic, PartitionOffsets, TopicState } from '../client.ts';
import type { KafkaConfig } from '../config.ts';
import { topicExists } from '../../errors.ts';
import { notAuthorised, topicExistsCode } from '../topic-errors.ts';
import { hasType } from './errors.ts';
import { connect, retries } from './options.ts';

const notEmptyGroupCode = 68;
const unknownGroupCode = 69;

/**
 * Once its admin was asked about a topic, kafkajs asks for the metadata of that topic before most of what it
 * does, and fails for good when the topic is gone (Cluster.targetTopics). It is replaced then.
 */
export class KafkajsAdmin implements KafkaAdmin {
  readonly #config: KafkaConfig;
  #admin: Promise<Admin>;

  static async open(config: KafkaConfig, signal: AbortSignal): Promise<KafkaAdmin> {
    const admin = new KafkajsAdmin(config, signal);
    await admin.#admin;
    return admin;
  }

  private constructor(config: KafkaConfig, signal: AbortSignal) {
    this.#config = config;
    this.#admin = openAdmin(config, signal);
  }

  async nodes(): Promise<number> {
    const { brokers } = await this.#ask((admin) => admin.describeCluster());
    return brokers.length;
  }

  async createTopic({ name, partitions, replicationFactor, config }: NewTopic): Promise<void> {
    const topic = {
      topic: name,
      numPartitions: partitions,
      replicationFactor,
      configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
    };
    try {
      const isNew = await this.#ask((admin) =>
        admin.createTopics({ topics: [topic], waitForLeaders: false }),
      );
      if (!isNew) throw topicExists(name, topicExistsCode);
    } catch (error) {
      if (hasType(error, 'TOPIC_AUTHORIZATION_FAILED') || hasType(error, 'CLUSTER_AUTHORIZATION_FAILED'))
        throw notAuthorised(`create topic ${name}`, error);
      throw error;
    }
  }

  async describeTopic(topic: string): Promise<TopicState | undefined> {
    const partitions = await this.#partitions(topic);
    if (partitions === undefined) return undefined;
    const { resources } = await this.#ask((admin) =>
      admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }],
      }),
    );
    const configs = resources[0]?.configEntries ?? [];
    return {
      partitions: partitions.length,
      replicationFactor: Math.min(...partitions.map(({ replicas }) => replicas.length)),
      ready: partitions.every(({ leader }) => leader >= 0) && (await this.#isServed(topic)),
      config: Object.fromEntries(configs.map(({ configName, configValue }) => [configName, configValue])),
    };
  }

  listTopics(): Promise<readonly string[]> {
    return this.#ask((admin) => admin.listTopics());
  }

  async listGroups(): Promise<readonly string[]> {
    const { groups } = await this.#ask((admin) => admin.listGroups());
    return groups.map(({ groupId }) => groupId);
  }

  async deleteTopics(topics: readonly string[]): Promise<void> {
    const existing = await this.listTopics();
    for (const topic of topics) {
      if (!existing.includes(topic)) continue;
      try {
        await this.#ask((admin) => admin.deleteTopics({ topics: [topic] }));
      } catch (error) {
        if (!hasType(error, 'UNKNOWN_TOPIC_OR_PARTITION')) throw error;
      }
    }
  }

  async deleteGroups(groups: readonly string[]): Promise<void> {
    for (const group of groups) {
      try {
        await this.#ask((admin) => admin.deleteGroups([group]));
      } catch (error) {
        const code = deletionCode(error);
        if (code === notEmptyGroupCode) throw new GroupNotEmpty({ cause: error });
        if (code !== undefined && coordinatorAwayCodes.has(code)) throw new CoordinatorAway({ cause: error });
        if (code !== unknownGroupCode) throw error;
      }
    }
  }

  async offsets(topic: string, group: string): Promise<readonly PartitionOffsets[]> {
    const [listed, committed] = await Promise.all([
      this.#ask((admin) => admin.fetchTopicOffsets(topic)),
      this.#ask((admin) => admin.fetchOffsets({ groupId: group, topics: [topic] })),
    ]);
    const offsets = new Map(
      committed.flatMap(({ partitions }) =>
        partitions.map(({ partition, offset }) => [partition, Number(offset)]),
      ),
    );
    return listed.map(({ partition, low, high }) => {
      const offset = offsets.get(partition) ?? -1;
      return { partition, start: Number(low), end: Number(high), committed: offset < 0 ? undefined : offset };
    });
  }

  async close(): Promise<void> {
    const admin = await this.#admin;
    await admin.disconnect();
  }

  async #ask<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    const asked = this.#admin;
    try {
      return await question(await asked);
    } catch (error) {
      if (!hasType(error, 'UNKNOWN_TOPIC_OR_PARTITION')) throw error;
      if (this.#admin === asked) await this.#replace();
      return question(await this.#admin);
    }
  }

  async #replace(): Promise<void> {
    const old = await this.#admin;
    this.#admin = openAdmin(this.#config);
    await this.#admin;
    await old.disconnect();
  }

  async #isServed(topic: string): Promise<boolean> {
    try {
      await this.#ask((admin) => admin.fetchTopicOffsets(topic));
      return true;
    } catch (error) {
      // kafkajs knows the code under its old name
      if (hasType(error, 'NOT_LEADER_FOR_PARTITION') || hasType(error, 'UNKNOWN_TOPIC_OR_PARTITION'))
        return false;
      throw error;
    }
  }

  async #partitions(topic: string): Promise<readonly { leader: number; replicas: number[] }[] | undefined> {
    try {
      const { topics } = await this.#ask((admin) => admin.fetchTopicMetadata({ topics: [topic] }));
      return topics[0]?.partitions;
    } catch (error) {
      if (hasType(error, 'UNKNOWN_TOPIC_OR_PARTITION')) return undefined;
      throw error;
    }
  }
}

async function openAdmin(config: KafkaConfig, signal?: AbortSignal): Promise<Admin> {
  const admin = connect(config, retries(3, 250), undefined, signal).admin();
  try {
    await admin.connect();
    return admin;
  } catch (error) {
    await admin.disconnect();
    throw error;
  }
}

/** kafkajs lists the codes of the groups that it could not delete in the error. */
function deletionCode(error: unknown): number | undefined {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (!(cause instanceof kafkajs.KafkaJSDeleteGroupsError)) return undefined;
  return cause.groups?.[0]?.errorCode;
}
