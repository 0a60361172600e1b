import { Admin, ConfigResourceTypes, ListOffsetTimestamps } from '@platformatic/kafka';
import { CoordinatorAway, GroupNotEmpty } from '../client.ts';
import type { KafkaAdmin, NewTopic, PartitionOffsets, TopicState } from '../client.ts';
import type { KafkaConfig } from '../config.ts';
import { topicExists } from '../../errors.ts';
import { notAuthorised, topicExistsCode } from '../topic-errors.ts';
import { hasName, isCoordinatorAway, isUnknownTopic } from './errors.ts';
import { baseOptions } from './options.ts';

export class PlatformaticAdmin implements KafkaAdmin {
  readonly #admin: Admin;

  constructor(config: KafkaConfig) {
    this.#admin = new Admin({ ...baseOptions(config), retries: 3, retryDelay: 250 });
  }

  async nodes(): Promise<number> {
    const { brokers } = await this.#admin.metadata({ topics: [], forceUpdate: true });
    return brokers.size;
  }

  async createTopic({ name, partitions, replicationFactor, config }: NewTopic): Promise<void> {
    try {
      await this.#admin.createTopics({
        topics: [name],
        partitions,
        replicas: replicationFactor,
        configs: Object.entries(config).map(([key, value]) => ({ name: key, value })),
      });
    } catch (error) {
      if (hasName(error, 'TOPIC_ALREADY_EXISTS')) throw topicExists(name, topicExistsCode, error);
      if (hasName(error, 'TOPIC_AUTHORIZATION_FAILED') || hasName(error, 'CLUSTER_AUTHORIZATION_FAILED'))
        throw notAuthorised(`create topic ${name}`, error);
      throw error;
    }
  }

  async describeTopic(topic: string): Promise<TopicState | undefined> {
    const found = await this.#metadata(topic);
    if (found === undefined) return undefined;
    const [description] = await this.#admin.describeConfigs({
      resources: [{ resourceType: ConfigResourceTypes.TOPIC, resourceName: topic }],
    });
    const configs = description?.configs ?? [];
    return {
      partitions: found.length,
      replicationFactor: Math.min(...found.map(({ replicas }) => replicas.length)),
      ready: found.every(({ leader }) => leader >= 0) && (await this.#isServed(topic, found.length)),
      config: Object.fromEntries(configs.map(({ name, value }) => [name, value ?? ''])),
    };
  }

  listTopics(): Promise<readonly string[]> {
    return this.#admin.listTopics();
  }

  async listGroups(): Promise<readonly string[]> {
    return [...(await this.#admin.listGroups()).keys()];
  }

  async deleteTopics(topics: readonly string[]): Promise<void> {
    for (const topic of topics) {
      try {
        await this.#admin.deleteTopics({ topics: [topic] });
      } catch (error) {
        if (!isUnknownTopic(error)) throw error;
      }
    }
  }

  async deleteGroups(groups: readonly string[]): Promise<void> {
    for (const group of groups) {
      try {
        await this.#admin.deleteGroups({ groups: [group] });
      } catch (error) {
        if (hasName(error, 'NON_EMPTY_GROUP')) throw new GroupNotEmpty({ cause: error });
        if (isCoordinatorAway(error)) throw new CoordinatorAway({ cause: error });
        if (!hasName(error, 'GROUP_ID_NOT_FOUND')) throw error;
      }
    }
  }

  async offsets(topic: string, group: string): Promise<readonly PartitionOffsets[]> {
    const partitions = (await this.#metadata(topic)) ?? [];
    const [starts, ends, committed] = await Promise.all([
      this.#offsets(topic, partitions.length, ListOffsetTimestamps.EARLIEST),
      this.#offsets(topic, partitions.length, ListOffsetTimestamps.LATEST),
      this.#committed(topic, group),
    ]);
    return partitions.map((_, partition) => ({
      partition,
      start: starts.get(partition) ?? 0,
      end: ends.get(partition) ?? 0,
      committed: committed.get(partition),
    }));
  }

  close(): Promise<void> {
    return this.#admin.close();
  }

  async #metadata(topic: string): Promise<readonly { leader: number; replicas: number[] }[] | undefined> {
    try {
      const { topics } = await this.#admin.metadata({ topics: [topic], forceUpdate: true });
      return topics.get(topic)?.partitions;
    } catch (error) {
      if (isUnknownTopic(error)) return undefined;
      throw error;
    }
  }

  async #isServed(topic: string, partitions: number): Promise<boolean> {
    try {
      await this.#offsets(topic, partitions, ListOffsetTimestamps.LATEST);
      return true;
    } catch (error) {
      if (hasName(error, 'NOT_LEADER_OR_FOLLOWER') || isUnknownTopic(error)) return false;
      throw error;
    }
  }

  async #offsets(topic: string, partitions: number, timestamp: bigint): Promise<Map<number, number>> {
    const [listed] = await this.#admin.listOffsets({
      topics: [
        {
          name: topic,
          partitions: Array.from({ length: partitions }, (_, partitionIndex) => ({
            partitionIndex,
            timestamp,
          })),
        },
      ],
    });
    return new Map(listed?.partitions.map(({ partitionIndex, offset }) => [partitionIndex, Number(offset)]));
  }

  async #committed(topic: string, group: string): Promise<Map<number, number>> {
    const groups = await this.#admin.listConsumerGroupOffsets({ groups: [group] });
    const partitions = groups[0]?.topics.find(({ name }) => name === topic)?.partitions ?? [];
    return new Map(
      partitions
        .filter(({ committedOffset }) => committedOffset >= 0n)
        .map(({ partitionIndex, committedOffset }) => [partitionIndex, Number(committedOffset)]),
    );
  }
}
