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
  #underWay = 0;
  readonly #idle: (() => void)[] = [];
  /** by partition */
  #streams: readonly string[] = [];
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
    this.#streams = Array.from({ length: partitions }, (_, each) => streamName(this.#topic, each));
  }

  lost(reason: Error): void {
    this.#lost = reason;
  }

  send({ key, payload, headers }: OutgoingMessage): Promise<void> {
    const wire = this.#connection?.wire;
    if (payload.length > MAX_MESSAGE_BYTES) {
      const text = `message of ${payload.length} bytes; Redis takes ${MAX_MESSAGE_BYTES}`;
      return Promise.reject(new SendError('refused', text));
    }
    if (this.#lost !== undefined)
      return Promise.reject(new SendError('refused', this.#lost.message, { cause: this.#lost }));
    if (wire === undefined || this.#partitioner === undefined)
      return Promise.reject(new SendError('failed', 'no connection'));
    const stream = this.#streams[this.#partitioner.partitionOf(key)] ?? '';
    // NOMKSTREAM: a stream that is gone would come back without the groups that read it
    const command = ['XADD', stream, 'NOMKSTREAM', '*', ...toFields(payload, headers)];
    const adding = wire.call(command).then(requireId, failSend);
    this.#underWay++;
    adding.then(this.#settled, this.#settled);
    // what becomes of it is of no interest to a producer that forgets
    return this.#options.contract === 'fire-and-forget' ? Promise.resolve() : adding;
  }

  async close(): Promise<void> {
    await this.#untilIdle();
    await this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection?.[Symbol.asyncDispose]();
    await this.#untilIdle();
  }

  async #untilIdle(): Promise<void> {
    if (this.#underWay > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  readonly #settled = (): void => {
    this.#underWay--;
    if (this.#underWay === 0) for (const resolve of this.#idle.splice(0)) resolve();
  };
}

/** A stream that is not there answers nil. */
function requireId(id: unknown): void {
  if (typeof id !== 'string') throw new SendError('refused', 'redis has no such stream');
}

function failSend(error: unknown): never {
  throw sendFailure(error);
}
