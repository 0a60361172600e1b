import type { Contract } from '../../scenario/index.ts';
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
  Settlement,
  Subscription,
  Topology,
} from '../driver.ts';
import { ContractRefused, SendError } from '../errors.ts';
import type { MemoryConfig } from './config.ts';
import { MemoryConnection } from './connection.ts';
import { MAX_PAYLOAD_BYTES, publishFrame, SETTLEMENTS, settleFrame } from './wire.ts';

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

export const memoryClient: ClientInfo = {
  name: 'mqbench memory client',
  version: '1',
  transport: 'TCP',
};

/** A connection to the memory broker. Also answers what faults the broker committed. */
export class MemoryDriver implements Driver {
  readonly server = { product: 'mqbench memory broker', version: '1', nodes: 1, emulated: true };
  readonly client = memoryClient;
  readonly #config: MemoryConfig;
  readonly #connection: MemoryConnection;
  readonly #waiting: Map<number, Waiting>;
  readonly #consumers: Map<number, MemoryConsumer>;
  readonly #created: string[] = [];
  #nextSend = 1;

  private constructor(
    config: MemoryConfig,
    connection: MemoryConnection,
    waiting: Map<number, Waiting>,
    consumers: Map<number, MemoryConsumer>,
  ) {
    this.#config = config;
    this.#connection = connection;
    this.#waiting = waiting;
    this.#consumers = consumers;
  }

  static async connect(config: MemoryConfig, signal: AbortSignal): Promise<MemoryDriver> {
    const waiting = new Map<number, Waiting>();
    const consumers = new Map<number, MemoryConsumer>();
    const connection = await MemoryConnection.open(
      config,
      {
        acknowledged: (id) => {
          waiting.get(id)?.resolve();
          waiting.delete(id);
        },
        delivered: (consumer, delivery, redelivered, payload) =>
          consumers.get(consumer)?.receive(delivery, { payload, redelivered }),
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
      await this.#connection.request('createTopic', { ...topic, faults: this.#config.faults });
      this.#created.push(topic.name);
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
    const topicId = (await this.#connection.request('openProducer', { topic })) as number;
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
    const id = (await this.#connection.request('reserveConsumer', {})) as number;
    const consumer = new MemoryConsumer(id, this.#connection, handler, options.onLost);
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

  #send(topic: number, message: OutgoingMessage, acknowledgement: 'await' | 'forget'): Promise<void> {
    if (message.payload.length > MAX_PAYLOAD_BYTES) {
      const text = `the memory broker takes up to ${MAX_PAYLOAD_BYTES} bytes`;
      return Promise.reject(new SendError('refused', text));
    }
    if (!this.#connection.open) return Promise.reject(new SendError('failed', 'not connected'));
    const id = this.#nextSend++;
    this.#connection.send(publishFrame(id, topic, message.key ?? '', message.payload));
    if (acknowledgement === 'forget') return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }
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

class MemoryConsumer implements Consumer {
  readonly #id: number;
  readonly #connection: MemoryConnection;
  readonly #handler: Handler;
  readonly #onLost: (error: Error) => void;
  readonly #underWay = new Set<Promise<void>>();
  #closed = false;

  constructor(id: number, connection: MemoryConnection, handler: Handler, onLost: (error: Error) => void) {
    this.#id = id;
    this.#connection = connection;
    this.#handler = handler;
    this.#onLost = onLost;
  }

  receive(delivery: number, message: { readonly payload: Buffer; readonly redelivered: boolean }): void {
    const settlement = this.#handler(message);
    if (typeof settlement === 'string') {
      this.#settle(delivery, settlement);
      return;
    }
    const work = settlement.then((late) => this.#settle(delivery, late));
    this.#underWay.add(work);
    work.finally(() => this.#underWay.delete(work)).catch((error: unknown) => this.lost(error));
  }

  lost(error: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onLost(error instanceof Error ? error : new Error(String(error)));
  }

  async pause(): Promise<void> {
    await this.#connection.request('pause', { id: this.#id });
  }

  async resume(): Promise<void> {
    await this.#connection.request('resume', { id: this.#id });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await this.pause();
    await Promise.allSettled(this.#underWay);
    this.#closed = true;
    await this.#connection.request('unsubscribe', { id: this.#id });
  }

  #settle(delivery: number, settlement: Settlement): void {
    if (this.#connection.open) {
      this.#connection.send(settleFrame(this.#id, delivery, SETTLEMENTS.indexOf(settlement)));
    }
  }
}
