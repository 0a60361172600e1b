import { randomUUID } from 'node:crypto';
import { UserError } from '../../user-error.ts';
import type { Contract } from '../../scenario/index.ts';
import type {
  ClientInfo,
  Consumer,
  ConsumerOptions,
  Driver,
  EffectiveContract,
  Handler,
  Producer,
  ProducerOptions,
  ServerInfo,
  Subscription,
  Topology,
  TopicSpec,
} from '../driver.ts';
import { deadLettersOf, withDeadLetters } from '../dead-letters.ts';
import type { KafkaAdmin, KafkaClient, PartitionOffsets, TopicState } from './client.ts';
import type { KafkaConfig } from './config.ts';
import { KafkaConsumer } from './consumer.ts';
import { realise } from './contract.ts';
import type { Realisation } from './contract.ts';
import { KafkaProducer } from './producer.ts';
import { refusal } from './refusal.ts';
import { topicExistsCode } from './topic-errors.ts';
import { deleteAll, groupOf, readBack } from './topology.ts';

/** The broker's default of message.max.bytes, where a topic's own cannot be read. */
const defaultMaxMessageBytes = 1_048_588;

/** Dead letters are few, and each holds up the commit of its partition until it is stored: no linger. */
const burialBatching = { lingerMs: 0, maxBatchBytes: 1024 * 1024, maxBatchMessages: 1000 };

export interface KafkaParts {
  readonly config: KafkaConfig;
  readonly client: KafkaClient;
  readonly admin: KafkaAdmin;
  readonly server: ServerInfo;
  /** ends waiting and reconnecting */
  readonly signal: AbortSignal;
}

export class KafkaDriver implements Driver {
  readonly server: ServerInfo;
  readonly client: ClientInfo;
  readonly #parts: KafkaParts;
  readonly #created = { topics: new Set<string>(), groups: new Set<string>() };
  readonly #producers = new Set<KafkaProducer>();
  readonly #consumers = new Set<KafkaConsumer>();

  constructor(parts: KafkaParts) {
    this.#parts = parts;
    this.server = parts.server;
    this.client = parts.client.info;
  }

  async createTopology(topology: Topology, contract: Contract): Promise<EffectiveContract> {
    const { admin, signal } = this.#parts;
    const topics = withDeadLetters(topology.topics);
    const names = topics.map(({ name }) => name).join(', ');
    return this.#asking(`create and describe topic ${names}`, async () => {
      const realisation = await this.#realise(contract);
      for (const topic of topics) await this.#create(topic, realisation);
      return readBack(admin, topics, realisation, signal);
    });
  }

  async deleteTopology(): Promise<void> {
    const { topics, groups } = this.#created;
    await this.#delete([...topics], [...groups]);
    topics.clear();
    groups.clear();
  }

  openProducer(topic: string, options: ProducerOptions): Promise<Producer> {
    return this.#asking(`write to topic ${topic}`, () => this.#openProducer(topic, options));
  }

  async #openProducer(topic: string, options: ProducerOptions): Promise<Producer> {
    const { producer: settings } = await this.#realise(options.contract);
    const state = await this.#describe(topic);
    const openSender = (): ReturnType<KafkaClient['openSender']> =>
      this.#parts.client.openSender(topic, settings);
    const producer = new KafkaProducer(
      {
        name: topic,
        partitions: state.partitions,
        maxMessageBytes: Number(state.config['max.message.bytes'] ?? defaultMaxMessageBytes),
        settings,
      },
      options,
      await openSender(),
      openSender,
      (closed) => this.#producers.delete(closed),
    );
    this.#producers.add(producer);
    return producer;
  }

  openConsumer(subscription: Subscription, options: ConsumerOptions, handler: Handler): Promise<Consumer> {
    const what = `read topic ${subscription.topic} as group ${groupOf(subscription)}`;
    const onLost = (error: Error): void => {
      const told = this.#explain(what, error);
      options.onLost(told instanceof Error ? told : error);
    };
    return this.#asking(what, () => this.#openConsumer(subscription, { ...options, onLost }, handler));
  }

  async #openConsumer(
    subscription: Subscription,
    options: ConsumerOptions,
    handler: Handler,
  ): Promise<Consumer> {
    const { commit } = await this.#realise(options.contract);
    await this.#describe(subscription.topic);
    const burial =
      options.retry === undefined
        ? undefined
        : await this.openProducer(deadLettersOf(subscription).topic, {
            contract: options.contract,
            batching: burialBatching,
          });
    try {
      const consumer = await KafkaConsumer.open({
        client: this.#parts.client,
        membership: { topic: subscription.topic, group: groupOf(subscription), commit },
        subscription,
        options,
        handler,
        burial,
        signal: this.#parts.signal,
        onClosed: (closed) => this.#consumers.delete(closed),
      });
      this.#consumers.add(consumer);
      return consumer;
    } catch (error) {
      await burial?.close();
      throw error;
    }
  }

  async backlog(subscription: Subscription): Promise<number | undefined> {
    const { topic } = subscription;
    let offsets: readonly PartitionOffsets[];
    try {
      offsets = await this.#parts.admin.offsets(topic, groupOf(subscription));
    } catch (error) {
      // the broker cannot say while it is away
      if (this.#parts.client.failureIn(error)?.codes.length === 0) return undefined;
      throw this.#explain(`tell the backlog of topic ${topic}`, error);
    }
    return offsets.reduce((sum, { start, end, committed }) => sum + end - (committed ?? start), 0);
  }

  readLog(topic: string, onPayload: (payload: Buffer) => void, signal: AbortSignal): Promise<void> {
    return this.#asking(`read topic ${topic} from its start`, async () => {
      const { admin, client } = this.#parts;
      // of no subscription, so that it has committed nothing
      const group = groupOf({ topic, name: `log-${randomUUID()}` });
      const offsets = await admin.offsets(topic, group);
      const filled = offsets.filter(({ start, end }) => start < end);
      const partitions = new Map(filled.map((each) => [each.partition, each]));
      if (partitions.size === 0) return;
      try {
        await client.readLog({ topic, partitions, group }, onPayload, signal);
      } finally {
        await this.#delete([], [group]);
      }
    });
  }

  async deleteLeftovers(prefix: string): Promise<readonly string[]> {
    const { admin } = this.#parts;
    return this.#asking(`list topics and groups`, async () => {
      const topics = (await admin.listTopics()).filter((name) => name.startsWith(prefix));
      const groups = (await admin.listGroups()).filter((name) => name.startsWith(prefix));
      await this.#delete(topics, groups);
      return [...new Set([...topics, ...groups])].toSorted();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([
      ...[...this.#producers].map((producer) => producer.close()),
      ...[...this.#consumers].map((consumer) => consumer.abandon()),
    ]);
    await this.#parts.admin.close();
  }

  /** What was there before is somebody else's: deleteTopology leaves it alone. */
  async #create({ name, partitions, subscriptions }: TopicSpec, realisation: Realisation): Promise<void> {
    const { replicationFactor, topicConfig } = realisation;
    this.#created.topics.add(name);
    try {
      await this.#parts.admin.createTopic({ name, partitions, replicationFactor, config: topicConfig });
    } catch (error) {
      if (error instanceof UserError && error.code === topicExistsCode) this.#created.topics.delete(name);
      throw error;
    }
    for (const subscription of subscriptions) {
      this.#created.groups.add(groupOf({ topic: name, name: subscription }));
    }
  }

  async #realise(contract: Contract): Promise<Realisation> {
    const { admin, config } = this.#parts;
    return realise(contract, { nodes: await admin.nodes(), replicationFactor: config.replicationFactor });
  }

  async #describe(topic: string): Promise<TopicState> {
    const state = await this.#parts.admin.describeTopic(topic);
    if (state !== undefined) return state;
    throw new UserError(`there is no topic ${topic}`, { code: 'kafka.no-topic', exitCode: 3 });
  }

  async #delete(topics: readonly string[], groups: readonly string[]): Promise<void> {
    const { admin, signal } = this.#parts;
    await this.#asking(`delete ${[...groups, ...topics].join(', ')}`, () =>
      deleteAll(admin, { topics, groups }, signal),
    );
  }

  async #asking<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.#explain(what, error);
    }
  }

  #explain(what: string, error: unknown): unknown {
    const { client, config } = this.#parts;
    return refusal(what, error, client.failureIn(error), config);
  }
}
