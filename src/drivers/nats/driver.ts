import type { JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Contract } from '../../scenario/index.ts';
import { UserError } from '../../user-error.ts';
import { deadLettersOf } from '../dead-letters.ts';
import type {
  ClientInfo,
  Consumer,
  ConsumerOptions,
  Driver,
  EffectiveContract,
  Handler,
  OutgoingMessage,
  Producer,
  ProducerOptions,
  ServerInfo,
  Subscription,
  Topology,
} from '../driver.ts';
import { loadClient, natsClient, type Client } from './client.ts';
import type { NatsConfig } from './config.ts';
import { Connection } from './connection.ts';
import { parseEndpoint } from './endpoint.ts';
import { NatsConsumer } from './consumer.ts';
import { conduct, realise, type Conduct } from './contract.ts';
import { topicExists } from '../errors.ts';
import { isGone, managingFailure } from './failure.ts';
import { readStream } from './log.ts';
import { monitor } from './monitor.ts';
import { streamName } from './names.ts';
import { NatsProducer } from './producer.ts';
import {
  createTopic,
  deleteStreams,
  deleteTopic,
  durablesOf,
  isThere,
  readBack,
  readBacklog,
  readPartitions,
  withDeadLetters,
} from './topology.ts';

interface DriverParts {
  readonly config: NatsConfig;
  readonly connection: Connection;
  readonly library: Client;
  readonly server: ServerInfo;
  readonly client: ClientInfo;
}

/** NATS JetStream. One connection for all that a driver does, as NATS advises. */
export class NatsDriver implements Driver {
  readonly server: ServerInfo;
  readonly client: ClientInfo;
  readonly #config: NatsConfig;
  readonly #connection: Connection;
  readonly #library: Client;
  readonly #created: string[] = [];
  readonly #open = new Set<AsyncDisposable>();

  private constructor({ config, connection, library, server, client }: DriverParts) {
    this.#config = config;
    this.#connection = connection;
    this.#library = library;
    this.server = server;
    this.client = client;
  }

  static async connect(config: NatsConfig, signal: AbortSignal): Promise<NatsDriver> {
    const [library, client] = await Promise.all([loadClient(), natsClient()]);
    const connection = await Connection.open(config, signal);
    try {
      const server = await connection.run((nc) => describe(nc, config, connection.endpoint.address));
      return new NatsDriver({ config, connection, library, server, client });
    } catch (error) {
      await connection[Symbol.asyncDispose]();
      throw error;
    }
  }

  async createTopology(topology: Topology, contract: Contract): Promise<EffectiveContract> {
    const { syncing } = await monitor(this.#config);
    const realisation = realise(contract, this.server, syncing);
    const topics = withDeadLetters(topology.topics);
    for (const topic of topics) {
      await this.#manage(async (jsm) => {
        // to add a stream that is there with the same settings is no error to the server
        if (await isThere(jsm, topic.name)) throw topicExists(topic.name);
        this.#created.push(topic.name);
        await createTopic(jsm, topic, realisation, this.#config);
      });
    }
    const read = await this.#manage((jsm) => readBack(jsm, contract, realisation, topics, this.#config));
    // of the server, and not of a stream: /jsz told it
    return syncing === 'always' ? { ...read, settings: { ...read.settings, sync_interval: 'always' } } : read;
  }

  async deleteTopology(): Promise<void> {
    for (let topic = this.#created[0]; topic !== undefined; topic = this.#created[0]) {
      const each = topic;
      await this.#manage((jsm) => deleteTopic(jsm, each));
      this.#created.shift();
    }
  }

  openProducer(topic: string, options: ProducerOptions): Promise<Producer> {
    return this.#producer(topic, conduct(options.contract));
  }

  async openConsumer(
    subscription: Subscription,
    options: ConsumerOptions,
    handler: Handler,
  ): Promise<Consumer> {
    const partitions = await this.#manage((jsm) => readPartitions(jsm, subscription.topic));
    const stream = streamName(subscription.topic);
    const durables = durablesOf(subscription.name, partitions, this.#config.ordering);
    // a subscription that is not there is an error now, and not a consumer that gets nothing
    await this.#manage((jsm) => Promise.all(durables.map((each) => jsm.consumers.info(stream, each))));
    const consumer = new NatsConsumer(
      {
        connection: this.#connection,
        subscription,
        stream,
        durables,
        options,
        ackWaitMs: this.#config.ackWaitMs,
        noAck: !conduct(options.contract).acknowledged,
        newInbox: () => this.#library.newInbox(),
        stillThere: () => this.#areThere(stream, durables),
        bury: await this.#burier(subscription, options),
      },
      handler,
    );
    this.#open.add(consumer);
    return consumer;
  }

  async backlog(subscription: Subscription): Promise<number | undefined> {
    try {
      return await this.#manage((jsm) => readBacklog(jsm, subscription, this.#config.ordering));
    } catch (error) {
      // the broker cannot say while it is away
      if (error instanceof UserError && error.code === 'driver.unreachable') return undefined;
      throw error;
    }
  }

  readLog(topic: string, onPayload: (payload: Buffer) => void, signal: AbortSignal): Promise<void> {
    return this.#manage((jsm) => readStream(jsm, topic, onPayload, signal));
  }

  async deleteLeftovers(prefix: string): Promise<readonly string[]> {
    if (prefix === '') throw new TypeError('every stream starts with the empty prefix');
    return this.#manage((jsm) => deleteStreams(jsm, prefix));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#open].map((each) => each[Symbol.asyncDispose]()));
    await this.#connection[Symbol.asyncDispose]();
  }

  async #producer(topic: string, manner: Conduct): Promise<NatsProducer> {
    const partitions = await this.#manage((jsm) => readPartitions(jsm, topic));
    const producer = new NatsProducer({
      connection: this.#connection,
      topic,
      partitions,
      conduct: manner,
      config: this.#config,
      emptyHeaders: () => this.#library.emptyHeaders(),
      newId: () => this.#library.newId(),
    });
    this.#open.add(producer);
    return producer;
  }

  /** Dead letters are acknowledged under any contract: they are settled on the strength of it. */
  async #burier(
    subscription: Subscription,
    { contract, retry }: ConsumerOptions,
  ): Promise<(letter: OutgoingMessage) => Promise<void>> {
    if (retry === undefined) return () => Promise.reject(new TypeError('there are no dead letters'));
    const manner = { ...conduct(contract), acknowledged: true };
    const producer = await this.#producer(deadLettersOf(subscription).topic, manner);
    return (letter) => producer.send(letter);
  }

  async #areThere(stream: string, durables: readonly string[]): Promise<boolean> {
    try {
      await this.#manage((jsm) => Promise.all(durables.map((each) => jsm.consumers.info(stream, each))));
      return true;
    } catch (error) {
      if (isGone(error)) return false;
      throw error;
    }
  }

  #manage<T>(task: (jsm: JetStreamManager) => Promise<T>): Promise<T> {
    return this.#connection.run(async (nc) => {
      try {
        return await task(await this.#library.manager(nc));
      } catch (error) {
        throw managingFailure(error, this.#connection.endpoint.address);
      }
    });
  }
}

async function describe(nc: NatsConnection, config: NatsConfig, address: string): Promise<ServerInfo> {
  const info = nc.info;
  if (info?.jetstream !== true) {
    throw new UserError(`NATS at ${address} runs without JetStream`, {
      code: 'driver.no-jetstream',
      exitCode: 3,
      hint: 'start it with -js, or with a jetstream block in its configuration',
    });
  }
  const hasLogin = Object.values(parseEndpoint(config.url)?.login ?? {}).some((each) => each !== undefined);
  if (hasLogin && info.auth_required !== true) {
    throw new UserError(`NATS at ${address} asks for no user, and the target has one`, {
      code: 'driver.login-refused',
      exitCode: 3,
      hint: 'leave the login out of the url, or name the server that it is for',
    });
  }
  const { nodes } = await monitor(config);
  // a server of a cluster tells where its clients may go as well
  const told = info.cluster === undefined ? 1 : new Set(info.connect_urls).size;
  return {
    address,
    product: 'NATS',
    version: info.version,
    nodes: nodes ?? Math.max(1, told),
    emulated: false,
  };
}
