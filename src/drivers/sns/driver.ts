import type { Contract } from '../../scenario/index.ts';
import { UserError } from '../../user-error.ts';
import {
  type AwsConfig,
  awsName,
  clientInfo,
  countingOf,
  destinationOf,
  effectiveContract,
  fifoIdentity,
  firstAnswer,
  type QueueKind,
  Queues,
  RequestWatch,
  placeOf,
  probe,
  promised,
  requirePlace,
  Sender,
  serverInfo,
  type SqsClients,
  sqsClients,
  subscriptionName,
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
import { PROBE_WAIT_SECONDS, untilLive } from './liveness.ts';
import { type CreatedTopic, LIBRARY, snsClients, type SnsClients, Topics } from './topics.ts';

interface Parts {
  readonly config: AwsConfig;
  readonly sns: SnsClients;
  readonly sqs: SqsClients;
  readonly watch: RequestWatch;
  readonly client: ClientInfo;
  readonly signal: AbortSignal;
}

/** A topic of SNS, and a queue of SQS for each subscription and for its dead letters. */
export class SnsDriver implements Driver {
  readonly server: ServerInfo;
  readonly client: ClientInfo;
  readonly #parts: Parts;
  readonly #topics: Topics;
  readonly #queues: Queues;
  readonly #senders = new Set<Sender>();

  private constructor(parts: Parts) {
    const { config, sns, sqs, watch, client, signal } = parts;
    this.#parts = parts;
    this.#topics = new Topics(sns, config, destinationOf(config, 'SNS'));
    this.#queues = new Queues(sqs, config, destinationOf(config, 'SQS'), signal);
    this.server = serverInfo(config, 'SNS', watch);
    this.client = client;
  }

  static async connect(config: AwsConfig, signal: AbortSignal): Promise<SnsDriver> {
    signal.throwIfAborted();
    requirePlace(config, 'sns');
    const watch = new RequestWatch(placeOf(config));
    const [sns, sqs] = await Promise.all([snsClients(config, watch), sqsClients(config, watch)]);
    try {
      await firstAnswer(destinationOf(config, 'SNS'), signal, (options) => sns.once.listTopics({}, options));
      const client = await clientInfo(LIBRARY);
      return new SnsDriver({ config, sns, sqs, watch, client, signal });
    } catch (error) {
      sns.destroy();
      sqs.destroy();
      throw error;
    }
  }

  get #kind(): QueueKind {
    return this.#parts.config.fifo ? 'fifo' : 'standard';
  }

  async createTopology({ topics }: Topology, contract: Contract): Promise<EffectiveContract> {
    const { config } = this.#parts;
    // refuses before anything is created
    promised(contract, { place: placeOf(config), fifo: config.fifo });
    const created: CreatedTopic[] = [];
    for (const topic of topics) created.push(await this.#create(topic));
    await this.#queues.untilReady();
    for (const [index, { arn }] of created.entries()) await this.#live(arn, topics[index]);
    return effectiveContract(contract, config, created[0] ?? { asked: {}, readBack: {} });
  }

  async deleteTopology(): Promise<void> {
    await this.#topics.deleteCreated();
    await this.#queues.deleteCreated();
  }

  async openProducer(topic: string, { batching }: ProducerOptions): Promise<Producer> {
    const { sns, config } = this.#parts;
    const TopicArn = await this.#arnOf(topic);
    // on FIFO the SDK's retries bear the id of the first attempt, and are stored once
    const client = this.#kind === 'fifo' ? sns.idempotent : sns.once;
    const sender = new Sender({
      kind: this.#kind,
      batching,
      sends: config.sends,
      counting: countingOf(this.server.product),
      request: (entries) =>
        client.publishBatch({
          TopicArn,
          PublishBatchRequestEntries: entries.map(({ body, ...entry }) => ({ ...entry, Message: body })),
        }),
    });
    this.#senders.add(sender);
    return sender;
  }

  openConsumer(subscription: Subscription, options: ConsumerOptions, handler: Handler): Promise<Consumer> {
    const name = subscriptionName(subscription, this.#kind);
    const deadLetters = subscriptionName(deadLettersOf(subscription), this.#kind);
    return this.#queues.consume(name, deadLetters, options, handler);
  }

  backlog(subscription: Subscription): Promise<number | undefined> {
    return this.#queues.backlog(subscriptionName(subscription, this.#kind));
  }

  async deleteLeftovers(prefix: string): Promise<readonly string[]> {
    if (prefix === '') throw new TypeError('every topic starts with the empty prefix');
    const topics = await this.#topics.deleteLeftovers(prefix);
    return [...topics, ...(await this.#queues.deleteLeftovers(prefix))];
  }

  requests(): Readonly<Record<string, number>> {
    return this.#parts.watch.counts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#senders].map((sender) => sender.close()));
    await this.#queues[Symbol.asyncDispose]();
    this.#parts.sns.destroy();
    this.#parts.sqs.destroy();
  }

  async #create({ name, subscriptions, retry }: TopicSpec): Promise<CreatedTopic> {
    const topic = await this.#topics.create(awsName(name, this.#kind));
    for (const each of subscriptions) {
      const subscription = { topic: name, name: each };
      const deadLetters =
        retry === undefined
          ? undefined
          : await this.#queues.create({ name: subscriptionName(deadLettersOf(subscription), this.#kind) });
      const queue = await this.#queues.create({
        name: subscriptionName(subscription, this.#kind),
        deadLetters,
        retry,
        sender: topic.arn,
      });
      await this.#topics.subscribe(topic.arn, queue.arn);
    }
    return topic;
  }

  async #live(arn: string, spec: TopicSpec | undefined): Promise<void> {
    const { name: topic = '', subscriptions = [] } = spec ?? {};
    const names = subscriptions.map((name) => subscriptionName({ topic, name }, this.#kind));
    const queues = await Promise.all(names.map((name) => this.#queues.open(name, PROBE_WAIT_SECONDS)));
    const publish = (id: string): Promise<void> =>
      this.#topics.publish(arn, probe(id), this.#kind === 'fifo' ? fifoIdentity(id, id) : undefined);
    await untilLive(awsName(topic, this.#kind), publish, queues, this.#parts.signal);
  }

  async #arnOf(topic: string): Promise<string> {
    const arn = await this.#topics.arnOf(awsName(topic, this.#kind));
    if (arn !== undefined) return arn;
    throw new UserError(`SNS has no topic ${awsName(topic, this.#kind)}`, {
      code: 'driver.no-topic',
      exitCode: 3,
      hint: 'it was deleted, or belongs to another region or account',
    });
  }
}
