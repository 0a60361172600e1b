import { randomBytes } from 'node:crypto';
import type {
  Consumer,
  Driver,
  EffectiveContract,
  Producer,
  RetryPolicy,
  Subscription,
} from '../../../src/drivers/index.ts';
import { deadLettersOf } from '../../../src/drivers/index.ts';
import type { Contract } from '../../../src/scenario/index.ts';
import { numbered } from './deliveries.ts';
import type { Deliveries } from './deliveries.ts';
import type { SuiteTarget } from './suite-target.ts';

export interface BenchOptions {
  readonly contract?: Contract;
  readonly partitions?: number;
  readonly subscriptions?: readonly string[];
  readonly retry?: RetryPolicy;
  readonly keeps?: 'all';
}

/** A topic of its own for one case, and the connections to it. Disposing it deletes and closes all. */
export class Bench implements AsyncDisposable {
  readonly topic: string;
  readonly contract: Contract;
  readonly effective: EffectiveContract;
  /** creates and deletes the topology */
  readonly driver: Driver;
  readonly #target: SuiteTarget;
  readonly #retry: RetryPolicy | undefined;
  readonly #others: Driver[] = [];

  static async open(target: SuiteTarget, options: BenchOptions = {}): Promise<Bench> {
    const { contract = 'leader-acked', partitions = 4, subscriptions = ['a'], retry, keeps } = options;
    const topic = `${target.prefix}.${randomBytes(4).toString('hex')}`;
    const driver = await target.connect();
    try {
      const topology = {
        topics: [
          {
            name: topic,
            partitions,
            subscriptions,
            ...(retry === undefined ? {} : { retry }),
            ...(keeps === undefined ? {} : { keeps }),
          },
        ],
      };
      const effective = await driver.createTopology(topology, contract);
      return new Bench(target, driver, topic, { contract, retry }, effective);
    } catch (error) {
      await driver[Symbol.asyncDispose]();
      throw error;
    }
  }

  private constructor(
    target: SuiteTarget,
    driver: Driver,
    topic: string,
    { contract, retry }: { readonly contract: Contract; readonly retry: RetryPolicy | undefined },
    effective: EffectiveContract,
  ) {
    this.#target = target;
    this.driver = driver;
    this.topic = topic;
    this.contract = contract;
    this.#retry = retry;
    this.effective = effective;
  }

  subscription(name = 'a'): Subscription {
    return { topic: this.topic, name };
  }

  /** Another connection, as another agent would have it; closed before the topology is deleted. */
  async connect(): Promise<Driver> {
    const driver = await this.#target.connect();
    this.#others.push(driver);
    return driver;
  }

  async producer(batching: { readonly maxBatchMessages?: number } = {}): Promise<Producer> {
    const driver = await this.connect();
    return driver.openProducer(this.topic, {
      contract: this.contract,
      batching: { lingerMs: 0, maxBatchBytes: 1024 * 1024, maxBatchMessages: 1000, ...batching },
    });
  }

  async consumer(
    deliveries: Deliveries,
    options: { readonly window?: number; readonly subscription?: string; readonly driver?: Driver } = {},
  ): Promise<Consumer> {
    const { window = 500, subscription = 'a', driver = await this.connect() } = options;
    return driver.openConsumer(
      this.subscription(subscription),
      {
        contract: this.contract,
        window,
        onLost: deliveries.onLost,
        ...(this.#retry === undefined ? {} : { retry: this.#retry }),
      },
      deliveries.handler,
    );
  }

  /** Consumes the dead letters of a subscription. */
  async deadLetters(deliveries: Deliveries, subscription = 'a'): Promise<Consumer> {
    const driver = await this.connect();
    return driver.openConsumer(
      deadLettersOf(this.subscription(subscription)),
      { contract: this.contract, window: 500, onLost: deliveries.onLost },
      deliveries.handler,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const driver of this.#others) await driver[Symbol.asyncDispose]();
    await this.driver.deleteTopology();
    await this.driver[Symbol.asyncDispose]();
  }
}

/** Sends message `from` to `to` (without it) of each key, round about the keys, and awaits all outcomes. */
export async function sendNumbered(
  producer: Producer,
  keys: readonly string[],
  range: { readonly from?: number; readonly to: number },
): Promise<void> {
  const sends: Promise<void>[] = [];
  for (let sequence = range.from ?? 0; sequence < range.to; sequence += 1) {
    for (const key of keys) sends.push(producer.send({ key, payload: Buffer.from(numbered(key, sequence)) }));
  }
  await Promise.all(sends);
}

export function keysNamed(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}
