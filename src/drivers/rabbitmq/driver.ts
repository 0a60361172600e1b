import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
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
  TopicSpec,
} from '../driver.ts';
import { withDeadLetters } from '../dead-letters.ts';
import { readBacklog } from './backlog.ts';
import type { RabbitmqConfig } from './config.ts';
import { RabbitmqConsumer } from './consumer.ts';
import { conduct, realise, type Realisation } from './contract.ts';
import { Control } from './control.ts';
import { endpointsOf } from './endpoint.ts';
import { isNotCreated, Unanswered } from './failure.ts';
import { Management } from './management.ts';
import { openOwnRetrying } from './own-retrying.ts';
import { onChannel, partitionsNote } from './partitions.ts';
import { RabbitmqProducer } from './producer.ts';
import { queueIntakes } from './queue-intake.ts';
import { readStreamBacklog } from './stream/backlog.ts';
import { openStreamIntakes } from './stream/intake.ts';
import { readStreams } from './stream/log.ts';
import { store } from './storing.ts';
import { createTopic, deleteTopic, readBack } from './topology.ts';

/** RabbitMQ over AMQP 0.9.1 with amqplib. Each producer and each consumer has a connection of its own. */
export class RabbitmqDriver implements Driver {
  readonly server: ServerInfo;
  readonly client: ClientInfo;
  /** of streams only */
  readonly readLog?: NonNullable<Driver['readLog']>;
  readonly #config: RabbitmqConfig;
  readonly #life: AbortSignal;
  readonly #control: Control;
  /** undefined where the API did not answer when the driver was opened */
  readonly #management: Management | undefined;
  readonly #created: { readonly topic: TopicSpec; readonly realisation: Realisation }[] = [];
  readonly #producers = new Set<RabbitmqProducer>();
  readonly #consumers = new Set<RabbitmqConsumer>();

  private constructor(
    config: RabbitmqConfig,
    life: AbortSignal,
    control: Control,
    management: Management | undefined,
    facts: { readonly server: ServerInfo; readonly client: ClientInfo },
  ) {
    this.#config = config;
    this.#life = life;
    this.#control = control;
    this.#management = management;
    this.server = facts.server;
    this.client = facts.client;
    if (config.queueType !== 'stream') return;
    this.readLog = (topic, onPayload, signal) =>
      control.run((model) => readStreams(model, topic, onPayload, signal));
  }

  static async connect(config: RabbitmqConfig, signal: AbortSignal): Promise<RabbitmqDriver> {
    const control = await Control.open(config, signal);
    try {
      const management = new Management(config);
      // where it usually is, it need not be on; where somebody says that it is, it has to be
      const answer = management.nodes();
      const nodes = await (config.managementUrl === undefined ? answer.catch(unlessUnusable) : answer);
      const { product, version } = control;
      // what a node does not tell about its cluster, over AMQP alone, is not assumed
      const address = endpointsOf(config.url)
        .map((endpoint) => endpoint.address)
        .join(',');
      const server = { address, product, version, nodes: nodes ?? 1, emulated: false };
      const client = await amqplibClient();
      return new RabbitmqDriver(config, signal, control, nodes === undefined ? undefined : management, {
        server,
        client,
      });
    } catch (error) {
      await control[Symbol.asyncDispose]();
      throw error;
    }
  }

  async createTopology(topology: Topology, contract: Contract): Promise<EffectiveContract> {
    const { queueType } = this.#config;
    const { nodes, version } = this.server;
    const realisation = realise(contract, { queueType, nodes, version });
    const topics = withDeadLetters(topology.topics);
    // the dead letters first: a queue names the exchange that it moves messages to
    for (const topic of topics.toReversed()) {
      this.#created.push({ topic, realisation });
      try {
        const first = await this.#control.run((model) => createTopic(model, topic, realisation));
        await store(first, this.#config, this.#life);
      } catch (error) {
        // a queue of that name with other settings is someone else's, with their messages
        if (isNotCreated(error)) this.#created.pop();
        throw error;
      }
      // last, since it is what producers and consumers look for
      await store(partitionsNote(topic), this.#config, this.#life);
    }
    await delay(realisation.lastingAfterMs, undefined, { signal: this.#life });
    return readBack(contract, realisation, topics, queueType, this.#management);
  }

  async deleteTopology(): Promise<void> {
    for (let next = this.#created[0]; next !== undefined; next = this.#created[0]) {
      const { topic, realisation } = next;
      await this.#control.run((model) => deleteTopic(model, topic, realisation));
      this.#created.shift();
    }
  }

  async openProducer(topic: string, options: ProducerOptions): Promise<Producer> {
    const { contract, onThrottled } = options;
    const { queueType } = this.#config;
    const manner = { conduct: conduct(contract, queueType), queueType, onThrottled };
    const producer = await RabbitmqProducer.open(topic, manner, this.#config, this.#life);
    this.#producers.add(producer);
    return producer;
  }

  async openConsumer(
    subscription: Subscription,
    options: ConsumerOptions,
    handler: Handler,
  ): Promise<Consumer> {
    const { queueType } = this.#config;
    const { noAck } = conduct(options.contract, queueType);
    const retrying = await openOwnRetrying(this, queueType, subscription, options, handler);
    const intakes =
      queueType === 'stream'
        ? await openStreamIntakes(subscription, this.#config, this.#life)
        : queueIntakes(subscription, noAck ? 'no acks' : 'acks');
    const { nodes } = this.server;
    const manner = { ...options, noAck, nodes, intakes, retrying };
    const handle = retrying?.handle ?? handler;
    const consumer = await RabbitmqConsumer.open(subscription, manner, handle, this.#config, this.#life);
    this.#consumers.add(consumer);
    return consumer;
  }

  async backlog(subscription: Subscription): Promise<number | undefined> {
    const own = [...this.#consumers].filter(
      (consumer) =>
        consumer.subscription.topic === subscription.topic &&
        consumer.subscription.name === subscription.name,
    );
    try {
      return await this.#control.run((model) =>
        this.#config.queueType === 'stream'
          ? readStreamBacklog(model, subscription)
          : readBacklog(model, subscription, own, this.#management),
      );
    } catch (error) {
      // the broker cannot say while it is away, and a queue without a leader neither
      return error instanceof Unanswered ? undefined : unlessUnusable(error);
    }
  }

  async deleteLeftovers(prefix: string): Promise<readonly string[]> {
    if (prefix === '') throw new TypeError('every queue starts with the empty prefix');
    // asks even where it did not answer before, for the error says what to do about it
    const management = this.#management ?? new Management(this.#config);
    const ours = (names: readonly string[]): string[] => names.filter((name) => name.startsWith(prefix));
    const queues = ours(await management.queueNames());
    const exchanges = ours(await management.exchangeNames());
    await this.#control.run((model) =>
      onChannel(model, async (channel) => {
        for (const name of exchanges) await channel.deleteExchange(name);
        for (const name of queues) await channel.deleteQueue(name);
      }),
    );
    return [...exchanges, ...queues];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = [...this.#producers, ...this.#consumers, this.#control];
    await Promise.all(open.map((each) => each[Symbol.asyncDispose]()));
  }
}

/** undefined for what a person can mend on the broker's side; anything else goes on being thrown */
function unlessUnusable(error: unknown): undefined {
  if (error instanceof UserError && error.exitCode === 3) return undefined;
  throw error;
}

export async function amqplibClient(): Promise<ClientInfo> {
  // the package does not export its package.json, which is beside its main file
  const file = new URL('package.json', import.meta.resolve('amqplib'));
  const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string };
  return { name: 'amqplib', version, transport: 'AMQP 0.9.1' };
}
