import type { Contract } from '../../scenario/index.ts';
import { UserError } from '../../user-error.ts';
import {
  type AwsConfig,
  awsName,
  clientInfo,
  countingOf,
  destinationOf,
  effectiveContract,
  firstAnswer,
  type QueueKind,
  Queues,
  RequestWatch,
  placeOf,
  promised,
  requirePlace,
  Sender,
  serverInfo,
  type SqsClients,
  sqsClients,
} from '../aws/index.ts';
import { deadLettersOf } from '../dead-letters.ts';
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

export const LIBRARY = '@aws-sdk/client-sqs';

/** SQS alone: a topic is a queue, and has one subscription, whose dead letters are another queue. */
export class SqsDriver implements Driver {
  readonly server: ServerInfo;
  readonly client: ClientInfo;
  readonly #config: AwsConfig;
  readonly #clients: SqsClients;
  readonly #watch: RequestWatch;
  readonly #queues: Queues;
  readonly #senders = new Set<Sender>();

  private constructor(
    config: AwsConfig,
    clients: SqsClients,
    watch: RequestWatch,
    signal: AbortSignal,
    client: ClientInfo,
  ) {
    this.#config = config;
    this.#clients = clients;
    this.#watch = watch;
    this.#queues = new Queues(clients, config, destinationOf(config, 'SQS'), signal);
    this.server = serverInfo(config, 'SQS', watch);
    this.client = client;
  }

  static async connect(config: AwsConfig, signal: AbortSignal): Promise<SqsDriver> {
    signal.throwIfAborted();
    requirePlace(config, 'sqs');
    const watch = new RequestWatch(placeOf(config));
    const clients = await sqsClients(config, watch);
    try {
      await firstAnswer(destinationOf(config, 'SQS'), signal, (options) =>
        clients.once.listQueues({ QueueNamePrefix: 'mqbench_', MaxResults: 1 }, options),
      );
      return new SqsDriver(config, clients, watch, signal, await clientInfo(LIBRARY));
    } catch (error) {
      clients.destroy();
      throw error;
    }
  }

  get #kind(): QueueKind {
    return this.#config.fifo ? 'fifo' : 'standard';
  }

  async createTopology({ topics }: Topology, contract: Contract): Promise<EffectiveContract> {
    // refuses before anything is created
    promised(contract, { place: placeOf(this.#config), fifo: this.#config.fifo });
    for (const topic of topics) refuseFanOut(topic);
    const attributes = [];
    for (const { name, subscriptions, retry } of topics) {
      const [subscription] = subscriptions;
      const deadLetters =
        retry === undefined || subscription === undefined
          ? undefined
          : await this.#queues.create({ name: this.#deadLetterQueue({ topic: name, name: subscription }) });
      attributes.push(await this.#queues.create({ name: awsName(name, this.#kind), deadLetters, retry }));
    }
    await this.#queues.untilReady();
    return effectiveContract(contract, this.#config, attributes[0] ?? { asked: {}, readBack: {} });
  }

  deleteTopology(): Promise<void> {
    return this.#queues.deleteCreated();
  }

  async openProducer(topic: string, { batching }: ProducerOptions): Promise<Producer> {
    const QueueUrl = await this.#queues.urlOf(awsName(topic, this.#kind));
    // on FIFO the SDK's retries bear the id of the first attempt, and are stored once
    const client = this.#kind === 'fifo' ? this.#clients.idempotent : this.#clients.once;
    const sender = new Sender({
      kind: this.#kind,
      batching,
      sends: this.#config.sends,
      counting: countingOf(this.server.product),
      request: (entries) =>
        client.sendMessageBatch({
          QueueUrl,
          Entries: entries.map(({ body, ...entry }) => ({ ...entry, MessageBody: body })),
        }),
    });
    this.#senders.add(sender);
    return sender;
  }

  openConsumer(subscription: Subscription, options: ConsumerOptions, handler: Handler): Promise<Consumer> {
    const name = awsName(subscription.topic, this.#kind);
    return this.#queues.consume(name, this.#deadLetterQueue(subscription), options, handler);
  }

  backlog({ topic }: Subscription): Promise<number | undefined> {
    return this.#queues.backlog(awsName(topic, this.#kind));
  }

  async deleteLeftovers(prefix: string): Promise<readonly string[]> {
    if (prefix === '') throw new TypeError('every queue starts with the empty prefix');
    return this.#queues.deleteLeftovers(prefix);
  }

  requests(): Readonly<Record<string, number>> {
    return this.#watch.counts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#senders].map((sender) => sender.close()));
    await this.#queues[Symbol.asyncDispose]();
    this.#clients.destroy();
  }

  #deadLetterQueue(subscription: Subscription): string {
    return awsName(deadLettersOf(subscription).topic, this.#kind);
  }
}

/**
 * A producer could send to several queues, one after the other. That is not fan-out: a send would be half done
 * when it fails in the middle, and it would be mqbench that is measured.
 */
function refuseFanOut({ subscriptions }: TopicSpec): void {
  if (subscriptions.length <= 1) return;
  throw new UserError(`SQS has no fan-out, and one topic has the subscriptions ${subscriptions.join(', ')}`, {
    code: 'driver.no-fan-out',
    exitCode: 3,
    hint: 'use a target of the driver sns, which puts a topic before one queue a subscription',
  });
}
