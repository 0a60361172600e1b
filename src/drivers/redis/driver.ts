import { readFile } from 'node:fs/promises';
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
import { addressOf, type RedisConfig } from './config.ts';
import { Connection, type Wire } from './connection.ts';
import { RedisConsumer } from './consumer.ts';
import { realise, refuseUnknown } from './contract.ts';
import { topicExists } from '../errors.ts';
import { connectFailure, Gone, refusal, replyCode } from './failure.ts';
import { readPersistence, setFsync, settlePersistence } from './persistence.ts';
import { RedisProducer } from './producer.ts';
import { readServer } from './server.ts';
import { readStreams } from './log.ts';
import { createTopic, deleteKeys, deleteTopic, isThere, readBacklog } from './topology.ts';

/** Redis Streams with node-redis. A producer has a connection of its own, a consumer two. */
export class RedisDriver implements Driver {
  readonly server: ServerInfo;
  readonly client: ClientInfo;
  readonly #config: RedisConfig;
  readonly #life: AbortSignal;
  readonly #control: Connection;
  readonly #created: TopicSpec[] = [];
  readonly #producers = new Set<RedisProducer>();
  readonly #consumers = new Set<RedisConsumer>();
  /** the server's own appendfsync, where this driver has changed it */
  #formerFsync: string | undefined;

  private constructor(
    config: RedisConfig,
    life: AbortSignal,
    control: Connection,
    facts: { readonly server: ServerInfo; readonly client: ClientInfo },
  ) {
    this.#config = config;
    this.#life = life;
    this.#control = control;
    this.server = facts.server;
    this.client = facts.client;
  }

  static async connect(config: RedisConfig, signal: AbortSignal): Promise<RedisDriver> {
    const tenant = { attach: () => Promise.resolve(), lost: () => undefined };
    const control = await Connection.open(config, tenant, signal);
    try {
      const server = await readServer(wireOf(control, config), addressOf(config));
      return new RedisDriver(config, signal, control, { server, client: await nodeRedisClient() });
    } catch (error) {
      await control[Symbol.asyncDispose]();
      throw replyCode(error) === undefined ? error : connectFailure(error, config);
    }
  }

  get #wire(): Wire {
    return wireOf(this.#control, this.#config);
  }

  async createTopology(topology: Topology, contract: Contract): Promise<EffectiveContract> {
    return this.#asking(() => this.#createTopology(topology, contract));
  }

  async #createTopology(topology: Topology, contract: Contract): Promise<EffectiveContract> {
    refuseUnknown(contract);
    const { appendfsync } = await readPersistence(this.#wire);
    const found = await settlePersistence(this.#wire, contract, this.#config);
    if (found.appendfsync !== appendfsync) this.#formerFsync ??= appendfsync;
    const { effective, relation } = realise(contract, found);
    for (const topic of topology.topics) {
      if (await isThere(this.#wire, topic)) throw topicExists(topic.name);
      this.#created.push(topic);
      await createTopic(this.#wire, topic);
    }
    const acknowledgement = contract === 'fire-and-forget' ? 'XADD not awaited' : 'XADD';
    const consumption = contract === 'fire-and-forget' ? 'XREADGROUP NOACK' : 'XREADGROUP, XACK';
    return {
      asked: contract,
      effective,
      relation,
      settings: { ...found, acknowledgement, consumption },
      notReadBack: ['acknowledgement', 'consumption'],
    };
  }

  async deleteTopology(): Promise<void> {
    return this.#asking(() => this.#deleteTopology());
  }

  async #deleteTopology(): Promise<void> {
    for (let topic = this.#created[0]; topic !== undefined; topic = this.#created[0]) {
      await deleteTopic(this.#wire, topic);
      this.#created.shift();
    }
    if (this.#formerFsync === undefined) return;
    await setFsync(this.#wire, this.#formerFsync);
    this.#formerFsync = undefined;
  }

  async openProducer(topic: string, options: ProducerOptions): Promise<Producer> {
    const producer = await this.#asking(() => RedisProducer.open(topic, options, this.#config, this.#life));
    this.#producers.add(producer);
    return producer;
  }

  async openConsumer(
    subscription: Subscription,
    options: ConsumerOptions,
    handler: Handler,
  ): Promise<Consumer> {
    const consumer = await this.#asking(() =>
      RedisConsumer.open(subscription, options, handler, this.#config, this.#life),
    );
    this.#consumers.add(consumer);
    return consumer;
  }

  async backlog(subscription: Subscription): Promise<number | undefined> {
    const { wire } = this.#control;
    if (wire === undefined) return undefined;
    try {
      return await readBacklog(wire, subscription);
    } catch (error) {
      // the server cannot say while it is away
      if (error instanceof Gone) throw error;
      if (replyCode(error) !== undefined) throw refusal(error, this.#config);
      return undefined;
    }
  }

  readLog(topic: string, onPayload: (payload: Buffer) => void, signal: AbortSignal): Promise<void> {
    return this.#asking(() => readStreams(this.#wire, topic, onPayload, signal));
  }

  async deleteLeftovers(prefix: string): Promise<readonly string[]> {
    if (prefix === '') throw new TypeError('every key starts with the empty prefix');
    return this.#asking(() => deleteKeys(this.#wire, prefix));
  }

  async #asking<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw refusal(error, this.#config);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = [...this.#producers, ...this.#consumers, this.#control];
    await Promise.all(open.map((each) => each[Symbol.asyncDispose]()));
  }
}

function wireOf({ wire }: Connection, config: RedisConfig): Wire {
  if (wire !== undefined) return wire;
  throw new UserError(`connection to Redis at ${addressOf(config)} lost`, {
    code: 'driver.unreachable',
    exitCode: 3,
    hint: 'start one with: npx mqbench up redis',
  });
}

export async function nodeRedisClient(): Promise<ClientInfo> {
  const file = new URL('../package.json', import.meta.resolve('redis'));
  const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string };
  return { name: 'redis', version, transport: 'RESP2' };
}
