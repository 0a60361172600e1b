import type { Contract } from '../../scenario/index.ts';
import { UserError } from '../../user-error.ts';
import type {
  ClientInfo,
  Consumer,
  ConsumerOptions,
  Driver,
  EffectiveContract,
  Handler,
  Headers,
  OutgoingMessage,
  Producer,
  ProducerOptions,
  Subscription,
  Topology,
} from '../driver.ts';
import { deadLettersOf } from '../dead-letters.ts';
import { ContractRefused, SendError, topicExists } from '../errors.ts';
import { Retrying } from '../retrying.ts';
import { within } from '../within.ts';
import { memoryConfigSchema } from './config.ts';
import type { MemoryConfig, MemoryFaults } from './config.ts';
import { MemoryConnection } from './connection.ts';
import { MemoryConsumer } from './consumer.ts';
import { MAX_PAYLOAD_BYTES, publishFrame } from './wire.ts';

/** What the memory broker did on purpose: the identity bytes of each message concerned, base64. */
export interface MemoryTruth {
  readonly published: number;
  readonly lost: readonly string[];
  readonly duplicated: readonly string[];
  readonly reordered: readonly string[];
  /** where messages are held back: each one's first delivery, and when it was written, ns of the host's clock */
  readonly deliveries: readonly (readonly [identity: string, atNs: number])[];
}

interface Waiting {
  resolve(): void;
  reject(error: SendError): void;
}

/** Where deliveries go. */
type Recipient = Pick<MemoryConsumer, 'receive' | 'lost'>;

/** Messages of a log that are asked for at a time. */
const STRETCH = 1_000;

/** How long a broker that is there may take to create a topic. */
const ANSWER_MS = 5_000;

export const memoryClient: ClientInfo = {
  name: 'mqbench memory client',
  version: '1',
  transport: 'TCP',
};

/** A connection to the memory broker. Also answers what faults the broker committed. */
export class MemoryDriver implements Driver {
  readonly server = {
    address: undefined,
    product: 'mqbench memory broker',
    version: '1',
    nodes: 1,
    emulated: true,
  };
  readonly client = memoryClient;
  readonly #config: MemoryConfig;
  readonly #connection: MemoryConnection;
  readonly #waiting: Map<number, Waiting>;
  readonly #consumers: Map<number, Recipient>;
  readonly #created: string[] = [];
  #nextSend = 1;

  private constructor(
    config: MemoryConfig,
    connection: MemoryConnection,
    waiting: Map<number, Waiting>,
    consumers: Map<number, Recipient>,
  ) {
    this.#config = config;
    this.#connection = connection;
    this.#waiting = waiting;
    this.#consumers = consumers;
  }

  static async connect(config: MemoryConfig, signal: AbortSignal): Promise<MemoryDriver> {
    const waiting = new Map<number, Waiting>();
    const consumers = new Map<number, Recipient>();
    const connection = await MemoryConnection.open(
      config,
      {
        acknowledged: (id) => {
          waiting.get(id)?.resolve();
          waiting.delete(id);
        },
        delivered: (consumer, delivery, message) => consumers.get(consumer)?.receive(delivery, message),
        closed: () => {
          for (const send of waiting.values()) send.reject(new SendError('unknown', 'connection closed'));
          waiting.clear();
          for (const consumer of consumers.values()) consumer.lost(new Error('connection closed'));
        },
      },
      signal,
    );
    return new MemoryDriver(config, connection, waiting, consumers);
  }

  async createTopology(topology: Topology, contract: Contract): Promise<EffectiveContract> {
    const effective = memoryPromise(contract);
    for (const topic of topology.topics) {
      const { name, partitions, subscriptions, retry, keeps } = topic;
      const { faults } = this.#config;
      await this.#createTopic({ name, partitions, subscriptions, faults, ...(keeps && { keeps }) });
      for (const subscription of retry === undefined ? [] : subscriptions) {
        const dead = deadLettersOf({ topic: name, name: subscription });
        // faults are committed on what is measured, not on the account of what failed
        const place = { name: dead.topic, partitions: 1, subscriptions: [dead.name], faults: noFaults };
        await this.#createTopic(place);
      }
    }
    return {
      asked: contract,
      effective,
      relation: 'exact',
      settings: { copies: 1, storage: 'memory' },
      notReadBack: [],
    };
  }

  async deleteTopology(): Promise<void> {
    for (const name of this.#created.splice(0)) await this.deleteLeftovers(name);
  }

  async openProducer(topic: string, options: ProducerOptions): Promise<Producer> {
    const topicId = await this.#topicId(topic);
    const acknowledgement = options.contract === 'fire-and-forget' ? 'forget' : 'await';
    return {
      send: (message) => this.#send(topicId, message, acknowledgement),
      // a request is answered after all that was sent before it
      close: async () => {
        if (this.#connection.open) await this.#connection.request('flush', {});
      },
    };
  }

  async openConsumer(
    subscription: Subscription,
    options: ConsumerOptions,
    handler: Handler,
  ): Promise<Consumer> {
    const { onLost, retry: policy } = options;
    const bury = policy === undefined ? undefined : await this.#burial(subscription);
    const id = (await this.#connection.request('reserveConsumer', {})) as number;
    const retrying =
      policy === undefined || bury === undefined
        ? undefined
        : new Retrying({ handler, policy, origin: subscription, bury });
    const consumer = new MemoryConsumer(id, this.#connection, { handler, retrying, onLost });
    this.#consumers.set(id, consumer);
    await this.#connection.request('subscribe', {
      id,
      topic: subscription.topic,
      subscription: subscription.name,
      window: options.window,
    });
    return consumer;
  }

  async backlog(subscription: Subscription): Promise<number> {
    return (await this.#connection.request('backlog', {
      topic: subscription.topic,
      subscription: subscription.name,
    })) as number;
  }

  async readLog(topic: string, onPayload: (payload: Buffer) => void, signal: AbortSignal): Promise<void> {
    const id = (await this.#connection.request('reserveConsumer', {})) as number;
    this.#consumers.set(id, { receive: (_, { payload }) => onPayload(payload), lost: () => undefined });
    try {
      for (let from = 0; ;) {
        signal.throwIfAborted();
        // deliveries come before the answer
        const count = (await this.#connection.request('readLog', {
          id,
          topic,
          from,
          count: STRETCH,
        })) as number;
        if (count === 0) return;
        from += count;
      }
    } finally {
      this.#consumers.delete(id);
    }
  }

  async deleteLeftovers(prefix: string): Promise<readonly string[]> {
    return (await this.#connection.request('deleteTopics', { prefix })) as string[];
  }

  /** The faults committed on a topic so far. */
  async truth(topic: string): Promise<MemoryTruth> {
    return (await this.#connection.request('truth', { topic })) as MemoryTruth;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection.close();
  }

  async #createTopic(place: {
    readonly name: string;
    readonly partitions: number;
    readonly subscriptions: readonly string[];
    readonly faults: MemoryFaults;
    readonly keeps?: 'all';
  }): Promise<void> {
    const { host, port } = this.#config;
    try {
      await within(ANSWER_MS, this.#connection.request('createTopic', place), 'an answer');
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      if (reason.endsWith('already exists')) throw topicExists(place.name, undefined, cause);
      // something else may listen there, which takes what it is sent and says nothing
      throw new UserError(`no memory broker at ${host}:${port}: ${reason}`, {
        code: 'driver.unreachable',
        exitCode: 3,
        hint: 'leave the port out, and mqbench starts one itself',
        cause,
      });
    }
    this.#created.push(place.name);
  }

  async #topicId(topic: string): Promise<number> {
    return (await this.#connection.request('openProducer', { topic })) as number;
  }

  async #burial(subscription: Subscription): Promise<(letter: OutgoingMessage) => Promise<void>> {
    const topicId = await this.#topicId(deadLettersOf(subscription).topic);
    return (letter) => this.#send(topicId, letter, 'await');
  }

  #send(topic: number, message: OutgoingMessage, acknowledgement: 'await' | 'forget'): Promise<void> {
    if (message.payload.length > MAX_PAYLOAD_BYTES) {
      const text = `the memory broker takes up to ${MAX_PAYLOAD_BYTES} bytes`;
      return Promise.reject(new SendError('refused', text));
    }
    if (!this.#connection.open) return Promise.reject(new SendError('failed', 'not connected'));
    const id = this.#nextSend++;
    const { key = '', payload, headers } = message;
    this.#connection.send(publishFrame(id, topic, key, payload, encodeHeaders(headers)));
    if (acknowledgement === 'forget') return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }
}

const noFaults = memoryConfigSchema.parse({}).faults;

/** Undefined where there is none: such a message travels in the frame that has no place for them. */
function encodeHeaders(headers: Headers | undefined): Buffer | undefined {
  if (headers === undefined || Object.keys(headers).length === 0) return undefined;
  return Buffer.from(JSON.stringify(headers));
}

/** @throws ContractRefused for what takes more than one copy in memory */
export function memoryPromise(contract: Contract): Contract {
  if (contract === 'leader-acked' || contract === 'fire-and-forget') return contract;
  throw new ContractRefused(
    contract,
    'the memory broker keeps one copy, in memory',
    'leader-acked is its strongest',
  );
}
