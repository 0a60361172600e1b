import { setTimeout as delay } from 'node:timers/promises';
import type { QueueAttributeName } from '@aws-sdk/client-sqs';
import { UserError } from '../../user-error.ts';
import type { Consumer, ConsumerOptions, Handler, RetryPolicy } from '../driver.ts';
import type { SqsClients } from './clients.ts';
import type { AwsConfig } from './config.ts';
import { QueueConsumer } from './consumer.ts';
import { type Destination, isGone, notSqs, usageError } from './failure.ts';
import { MAX_BYTES } from './message.ts';
import { encoded, ownName } from './names.ts';
import { placeOf } from './place.ts';
import { Queue } from './queue.ts';

/** "You must wait at least one second after the queue is created" (API reference of CreateQueue). */
const READY_AFTER_MS = 1_000;
const PAGE = 1_000;

export interface QueueSpec {
  readonly name: string;
  /** name of the queue, which exists, that takes what was received too often */
  readonly deadLetters?: CreatedQueue | undefined;
  readonly retry?: RetryPolicy | undefined;
  /** an ARN that may send to it; undefined: its owner alone */
  readonly sender?: string | undefined;
}

export interface CreatedQueue {
  readonly url: string;
  readonly arn: string;
  readonly asked: Readonly<Record<string, string>>;
  readonly readBack: Readonly<Record<string, string>>;
}

/** The queues of one driver, and the consumers of them. */
export class Queues {
  readonly #clients: SqsClients;
  readonly #config: AwsConfig;
  readonly #to: Destination;
  readonly #signal: AbortSignal;
  readonly #created = new Set<string>();
  readonly #consumers = new Set<QueueConsumer>();

  constructor(clients: SqsClients, config: AwsConfig, to: Destination, signal: AbortSignal) {
    this.#clients = clients;
    this.#config = config;
    this.#to = to;
    this.#signal = signal;
  }

  /** Creates a queue and reads its attributes back. */
  async create(spec: QueueSpec): Promise<CreatedQueue> {
    const asked = this.#attributes(spec);
    return this.#mendable(async () => {
      const { QueueUrl: url } = await this.#clients.idempotent.createQueue({
        QueueName: spec.name,
        Attributes: { ...asked, ...(spec.sender === undefined ? {} : { Policy: allowing(spec.sender) }) },
      });
      if (url === undefined) throw notSqs(this.#to, 'it created a queue and gave no URL of it');
      this.#created.add(url);
      const { Attributes: readBack = {} } = await this.#clients.idempotent.getQueueAttributes({
        QueueUrl: url,
        AttributeNames: ['All'],
      });
      return { url, arn: readBack['QueueArn'] ?? '', asked, readBack };
    });
  }

  /** Resolves when what was created can be used. */
  async untilReady(): Promise<void> {
    if (placeOf(this.#config) === 'aws') await delay(READY_AFTER_MS, undefined, { signal: this.#signal });
  }

  async deleteCreated(): Promise<void> {
    for (const url of this.#created) {
      await this.#mendable(() => this.#delete(url));
      this.#created.delete(url);
    }
  }

  /** @returns the names by which mqbench calls what was deleted */
  async deleteLeftovers(prefix: string): Promise<readonly string[]> {
    return this.#mendable(async () => {
      const urls: string[] = [];
      let NextToken: string | undefined;
      do {
        const page = await this.#clients.idempotent.listQueues({
          QueueNamePrefix: encoded(prefix),
          MaxResults: PAGE,
          ...(NextToken === undefined ? {} : { NextToken }),
        });
        urls.push(...(page.QueueUrls ?? []));
        ({ NextToken } = page);
      } while (NextToken !== undefined);
      const deleted: string[] = [];
      for (const url of urls) {
        const name = ownName(url.slice(url.lastIndexOf('/') + 1));
        if (!name.startsWith(prefix)) continue;
        await this.#delete(url);
        deleted.push(name);
      }
      return deleted;
    });
  }

  /** Messages visible, in flight and delayed. AWS's figures are approximate, and late by up to a minute. */
  async backlog(name: string): Promise<number | undefined> {
    if (placeOf(this.#config) === 'aws') return undefined;
    try {
      const { Attributes = {} } = await this.#clients.idempotent.getQueueAttributes({
        QueueUrl: await this.urlOf(name),
        AttributeNames: [...COUNTS],
      });
      return COUNTS.reduce((sum, count) => sum + Number(Attributes[count] ?? 0), 0);
    } catch (error) {
      // it cannot say while it is away
      if (usageError(error, this.#to) === undefined && !isGone(error)) throw error;
      return undefined;
    }
  }

  /** @throws UserError where there is no such queue */
  async urlOf(name: string): Promise<string> {
    return this.#mendable(async () => {
      const { QueueUrl = '' } = await this.#clients.idempotent.getQueueUrl({ QueueName: name });
      return QueueUrl;
    });
  }

  /** @throws UserError where there is no such queue */
  async open(name: string, waitSeconds: number): Promise<Queue> {
    return new Queue(this.#clients, await this.urlOf(name), waitSeconds);
  }

  /** @param deadLetters name of the queue that rejected messages go to */
  async consume(
    name: string,
    deadLetters: string,
    options: ConsumerOptions,
    handler: Handler,
  ): Promise<Consumer> {
    const { fifo, visibilitySeconds, waitSeconds, receives } = this.#config;
    const consumer = new QueueConsumer({
      queue: await this.open(name, waitSeconds),
      deadLetters: options.retry === undefined ? undefined : await this.open(deadLetters, waitSeconds),
      fifo,
      visibilitySeconds,
      receives,
      options,
      handler,
      signal: this.#signal,
    });
    this.#consumers.add(consumer);
    return consumer;
  }

  /** Ends the consumers; what they hold goes to others. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.abandon()));
  }

  #attributes({ deadLetters, retry }: QueueSpec): Record<string, string> {
    const { fifo, visibilitySeconds } = this.#config;
    return {
      VisibilityTimeout: String(visibilitySeconds),
      MaximumMessageSize: String(MAX_BYTES),
      // "high throughput": without these two, 300 requests a second for the whole queue
      ...(fifo
        ? {
            FifoQueue: 'true',
            ContentBasedDeduplication: 'false',
            DeduplicationScope: 'messageGroup',
            FifoThroughputLimit: 'perMessageGroupId',
          }
        : {}),
      ...(deadLetters === undefined || retry === undefined
        ? {}
        : {
            RedrivePolicy: JSON.stringify({
              deadLetterTargetArn: deadLetters.arn,
              maxReceiveCount: retry.maxAttempts,
            }),
          }),
    };
  }

  async #delete(url: string): Promise<void> {
    try {
      await this.#clients.idempotent.deleteQueue({ QueueUrl: url });
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  async #mendable<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isGone(error)) throw gone(error, this.#to);
      throw usageError(error, this.#to) ?? error;
    }
  }
}

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const satisfies readonly QueueAttributeName[];

function gone(cause: unknown, { service }: Destination): UserError {
  return new UserError(
    `${service} has no such queue or topic: ${cause instanceof Error ? cause.message : ''}`,
    {
      code: 'driver.no-queue',
      exitCode: 3,
      hint: 'it was deleted, or belongs to another region or account',
      cause,
    },
  );
}

/** Lets a topic of SNS send to the queue. */
function allowing(topicArn: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: '*',
        Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
      },
    ],
  });
}
