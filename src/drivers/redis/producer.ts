import type { OutgoingMessage, Producer, ProducerOptions } from '../driver.ts';
import { SendError } from '../errors.ts';
import type { RedisConfig } from './config.ts';
import { Connection, type Tenant, type Wire } from './connection.ts';
import { realise } from './contract.ts';
import { toFields } from './entry.ts';
import { Gone, sendFailure } from './failure.ts';
import { MAX_MESSAGE_BYTES } from './limits.ts';
import { streamName } from './names.ts';
import { Partitioner } from './partitioner.ts';
import { settlePersistence } from './persistence.ts';
import { readPartitions } from './topology.ts';

/**
 * Sends each message as an XADD of its own. The client writes those of one turn of the event loop together,
 * and Redis answers in order, so the batching budget has no use here.
 */
export class RedisProducer implements Producer, Tenant, AsyncDisposable {
  readonly #topic: string;
  readonly #options: ProducerOptions;
  readonly #config: RedisConfig;
  readonly #underWay = new Set<Promise<unknown>>();
  #partitioner: Partitioner | undefined;
  #connection: Connection | undefined;
  #lost: Error | undefined;

  private constructor(topic: string, options: ProducerOptions, config: RedisConfig) {
    this.#topic = topic;
    this.#options = options;
    this.#config = config;
  }

  /** @throws UserError when there is no server; Gone when there is no such topic */
  static async open(
    topic: string,
    options: ProducerOptions,
    config: RedisConfig,
    signal: AbortSignal,
  ): Promise<RedisProducer> {
    const producer = new RedisProducer(topic, options, config);
    producer.#connection = await Connection.open(config, producer, signal);
    return producer;
  }

  /** No message goes to a server that does not keep the contract, also not after it came back as another. */
  async attach(wire: Wire): Promise<void> {
    const persistence = await settlePersistence(wire, this.#options.contract, this.#config);
    try {
      realise(this.#options.contract, persistence);
    } catch (error) {
      throw new Gone((error as Error).message);
    }
    const partitions = await readPartitions(wire, this.#topic);
    this.#partitioner ??= new Partitioner(partitions);
  }

  lost(reason: Error): void {
    this.#lost = reason;
  }

  async send({ key, payload, headers }: OutgoingMessage): Promise<void> {
    if (payload.length > MAX_MESSAGE_BYTES) {
      throw new SendError('refused', `message of ${payload.length} bytes; Redis takes ${MAX_MESSAGE_BYTES}`);
    }
    if (this.#lost !== undefined) throw new SendError('refused', this.#lost.message, { cause: this.#lost });
    const wire = this.#connection?.wire;
    if (wire === undefined || this.#partitioner === undefined) throw new SendError('failed', 'no connection');
    const stream = streamName(this.#topic, this.#partitioner.partitionOf(key));
    const adding = this.#add(wire, stream, ['*', ...toFields(payload, headers)]);
    // what becomes of it is of no interest to a producer that forgets
    const forget = (): void => void this.#underWay.delete(settled);
    const settled: Promise<void> = adding.then(forget, forget);
    this.#underWay.add(settled);
    if (this.#options.contract !== 'fire-and-forget') await adding;
  }

  async #add(wire: Wire, stream: string, entry: readonly (string | Buffer)[]): Promise<void> {
    let id: unknown;
    try {
      // NOMKSTREAM: a stream that is gone would come back without the groups that read it
      id = await wire.call(['XADD', stream, 'NOMKSTREAM', ...entry]);
    } catch (error) {
      throw sendFailure(error);
    }
    if (typeof id !== 'string') throw new SendError('refused', `redis has no stream ${stream}`);
  }

  async close(): Promise<void> {
    await Promise.all(this.#underWay);
    await this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection?.[Symbol.asyncDispose]();
    await Promise.all(this.#underWay);
  }
}
