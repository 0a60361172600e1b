import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Contract } from '../../scenario/index.ts';
import { UserError } from '../../user-error.ts';
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
} from '../driver.ts';
import type { Admin, Settings } from './admin.ts';
import type { PulsarClient, Sender } from './client.ts';
import { PulsarConsumer } from './consumer.ts';
import { conduct, flushesBy, realise } from './contract.ts';
import { topicExists } from '../errors.ts';
import { noTopic } from './failure.ts';
import { defaultFailoverDelayMs, defaultMaxMessageBytes } from './limits.ts';
import { bareTopicName, partitionName } from './names.ts';
import { PulsarProducer } from './producer.ts';
import { createTopic, effectiveContract, topicsOf } from './topology.ts';

export interface PulsarParts {
  readonly client: PulsarClient;
  readonly admin: Admin;
  readonly server: ServerInfo;
  readonly brokerSettings: Settings | undefined;
  /** ends waiting and reconnecting */
  readonly signal: AbortSignal;
}

/** Batches of dead letters would wait for others that seldom come. */
const oneByOne = { lingerMs: 0, maxBatchBytes: 1, maxBatchMessages: 1 };

/** Topics and subscriptions through the admin API, messages through one of two clients. */
export class PulsarDriver implements Driver {
  readonly server: ServerInfo;
  readonly client: ClientInfo;
  readonly #parts: PulsarParts;
  readonly #created = new Set<string>();
  readonly #producers = new Set<PulsarProducer>();
  readonly #consumers = new Set<PulsarConsumer>();

  constructor(parts: PulsarParts) {
    this.#parts = parts;
    this.server = parts.server;
    this.client = parts.client.info;
  }

  async createTopology(topology: Topology, contract: Contract): Promise<EffectiveContract> {
    const { admin, client, brokerSettings, signal } = this.#parts;
    const bookieSettings = await admin.bookieSettings();
    const { nodes } = this.server;
    const realisation = realise(contract, {
      nodes,
      repeatsIds: client.repeatsIds,
      flushes: flushesBy(bookieSettings),
    });
    const topics = topology.topics.flatMap(topicsOf);
    for (const topic of topics) {
      if ((await admin.partitions(topic.name)) > 0) throw topicExists(topic.name, 'pulsar.topic-exists');
      this.#created.add(topic.name);
      await createTopic(admin, topic, realisation, signal);
    }
    return effectiveContract(admin, {
      contract,
      realisation,
      topics,
      brokerSettings,
      bookieSettings,
      clientSettings: client.settings,
    });
  }

  async deleteTopology(): Promise<void> {
    for (const topic of this.#created) {
      await this.#parts.admin.deleteTopic(topic);
      this.#created.delete(topic);
    }
  }

  async openProducer(topic: string, options: ProducerOptions): Promise<Producer> {
    await this.#partitions(topic);
    const producer = new PulsarProducer({
      sender: await this.#openSender(topic, options.batching),
      awaitsReceipt: conduct(options.contract).awaitsReceipt,
      maxPayloadBytes: this.#maxPayloadBytes,
      onClosed: (closed) => this.#producers.delete(closed),
    });
    this.#producers.add(producer);
    return producer;
  }

  async openConsumer(
    subscription: Subscription,
    options: ConsumerOptions,
    handler: Handler,
  ): Promise<Consumer> {
    const { client, signal, brokerSettings } = this.#parts;
    const consumer = await PulsarConsumer.open({
      client,
      spec: {
        subscription,
        partitions: await this.#partitions(subscription.topic),
        consumerName: `mqbench-${randomBytes(6).toString('hex')}`,
        window: options.window,
        signal,
      },
      options,
      handler,
      openSender: (topic) => this.#openSender(topic, oneByOne),
      onClosed: (closed) => this.#consumers.delete(closed),
    });
    this.#consumers.add(consumer);
    // until then the broker gives the partitions that change hands to nobody, so that their former consumer
    // can acknowledge what it has
    const delayMs = Number(
      brokerSettings?.['activeConsumerFailoverDelayTimeMillis'] ?? defaultFailoverDelayMs,
    );
    await sleep(delayMs, undefined, { signal });
    return consumer;
  }

  async backlog(subscription: Subscription): Promise<number | undefined> {
    const { admin } = this.#parts;
    try {
      let messages = 0;
      const partitions = await this.#partitions(subscription.topic);
      for (let partition = 0; partition < partitions; partition += 1) {
        const entries = await admin.backlogEntries(subscription, partition);
        // what an entry holds the broker must read to tell, so it is only asked where there are any
        if (entries > 0) messages += await admin.backlogMessages(subscription, partition);
      }
      return messages;
    } catch (error) {
      // the broker cannot say while it is away
      if (error instanceof UserError) return undefined;
      throw error;
    }
  }

  async readLog(topic: string, onPayload: (payload: Buffer) => void, signal: AbortSignal): Promise<void> {
    const { admin, client } = this.#parts;
    const partitions = await this.#partitions(topic);
    for (let partition = 0; partition < partitions; partition += 1) {
      signal.throwIfAborted();
      const last = await admin.lastPosition(topic, partition);
      if (last === undefined) continue;
      await client.readPartition({ topic: partitionName(topic, partition), last }, onPayload, signal);
    }
  }

  async deleteLeftovers(prefix: string): Promise<readonly string[]> {
    if (prefix === '') throw new TypeError('every topic starts with the empty prefix');
    const { admin } = this.#parts;
    const names = (await admin.topics()).map(bareTopicName).filter((name) => name.startsWith(prefix));
    const topics = [...new Set(names)].toSorted();
    for (const topic of topics) await admin.deleteTopic(topic);
    return topics;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = [...this.#producers, ...this.#consumers];
    await Promise.all(open.map((each) => each.abandon()));
    await this.#parts.client.close();
  }

  #openSender(topic: string, batching: ProducerOptions['batching']): Promise<Sender> {
    const { client, signal } = this.#parts;
    return client.openSender(topic, { batching, maxMessageBytes: this.#maxMessageBytes, signal });
  }

  get #maxMessageBytes(): number {
    return Number(this.#parts.brokerSettings?.['maxMessageSize'] ?? defaultMaxMessageBytes);
  }

  get #maxPayloadBytes(): number {
    return Math.min(this.#maxMessageBytes, this.#parts.client.maxPayloadBytes(this.#parts.brokerSettings));
  }

  async #partitions(topic: string): Promise<number> {
    const partitions = await this.#parts.admin.partitions(topic);
    if (partitions === 0) throw noTopic(topic);
    return partitions;
  }
}
