import type { SNS } from '@aws-sdk/client-sns';
import {
  addMiddleware,
  type AwsConfig,
  clientOptions,
  type Destination,
  type fifoIdentity,
  isGone,
  madeOnce,
  MAX_BYTES,
  ownName,
  type probe,
  type RequestWatch,
  usageError,
} from '../aws/index.ts';

export const LIBRARY = '@aws-sdk/client-sns';

export interface SnsClients {
  readonly once: SNS;
  readonly idempotent: SNS;
  destroy(): void;
}

/** As `sqsClients`. */
export async function snsClients(config: AwsConfig, watch: RequestWatch): Promise<SnsClients> {
  const { SNS } = await import('@aws-sdk/client-sns');
  const create = (attempts: 'once' | 'idempotent'): SNS => {
    const client = new SNS(clientOptions(config, attempts));
    client.config.signer = madeOnce(client.config.signer);
    addMiddleware(client.middlewareStack, watch);
    return client;
  };
  const [once, idempotent] = [create('once'), create('idempotent')];
  return {
    once,
    idempotent,
    destroy: () => {
      once.destroy();
      idempotent.destroy();
    },
  };
}

export interface CreatedTopic {
  readonly arn: string;
  readonly asked: Readonly<Record<string, string>>;
  readonly readBack: Readonly<Record<string, string>>;
}

/** The topics of one driver. */
export class Topics {
  readonly #client: SNS;
  readonly #fifo: boolean;
  readonly #to: Destination;
  readonly #created = new Set<string>();

  constructor({ idempotent }: SnsClients, { fifo }: AwsConfig, to: Destination) {
    this.#client = idempotent;
    this.#fifo = fifo;
    this.#to = to;
  }

  async create(name: string): Promise<CreatedTopic> {
    const asked = {
      // 256 KiB by default; that of SQS, which all subscriptions here are
      MaximumMessageSize: String(MAX_BYTES),
      ...(this.#fifo
        ? { FifoTopic: 'true', ContentBasedDeduplication: 'false', FifoThroughputScope: 'MessageGroup' }
        : {}),
    };
    return this.#mendable(async () => {
      const { TopicArn: arn = '' } = await this.#client.createTopic({ Name: name, Attributes: asked });
      this.#created.add(arn);
      const { Attributes: readBack = {} } = await this.#client.getTopicAttributes({ TopicArn: arn });
      return { arn, asked, readBack };
    });
  }

  /** Raw: what arrives in the queue is the message as it was published, and no envelope in JSON. */
  async subscribe(topicArn: string, queueArn: string): Promise<void> {
    await this.#mendable(() =>
      this.#client.subscribe({
        TopicArn: topicArn,
        Protocol: 'sqs',
        Endpoint: queueArn,
        Attributes: { RawMessageDelivery: 'true' },
        ReturnSubscriptionArn: true,
      }),
    );
  }

  /** One message in a request of its own. */
  async publish(
    arn: string,
    { body, attributes }: ReturnType<typeof probe>,
    identity: ReturnType<typeof fifoIdentity> | undefined,
  ): Promise<void> {
    await this.#mendable(() =>
      this.#client.publish({ TopicArn: arn, Message: body, MessageAttributes: attributes, ...identity }),
    );
  }

  /** SNS names no topic but by its ARN, whose last part is the name; CreateTopic answers with that of an existing one. */
  async arnOf(name: string): Promise<string | undefined> {
    return (await this.#all()).find((arn) => nameOf(arn) === name);
  }

  async deleteCreated(): Promise<void> {
    for (const arn of this.#created) {
      await this.#delete(arn);
      this.#created.delete(arn);
    }
  }

  /** @returns the names by which mqbench calls what was deleted */
  async deleteLeftovers(prefix: string): Promise<readonly string[]> {
    const deleted: string[] = [];
    for (const arn of await this.#all()) {
      const name = ownName(nameOf(arn));
      if (!name.startsWith(prefix)) continue;
      await this.#delete(arn);
      deleted.push(name);
    }
    return deleted;
  }

  /** SNS lists a hundred at a time and knows no prefix. */
  #all(): Promise<readonly string[]> {
    return this.#mendable(async () => {
      const arns: string[] = [];
      let token: string | undefined;
      do {
        const page = await this.#client.listTopics(token === undefined ? {} : { NextToken: token });
        arns.push(...(page.Topics ?? []).flatMap(({ TopicArn }) => TopicArn ?? []));
        token = page.NextToken;
      } while (token !== undefined);
      return arns;
    });
  }

  /** Subscriptions go with their topic. Deleting one that is gone is no error of SNS. */
  async #delete(arn: string): Promise<void> {
    await this.#mendable(async () => {
      try {
        await this.#client.deleteTopic({ TopicArn: arn });
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    });
  }

  async #mendable<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw usageError(error, this.#to) ?? error;
    }
  }
}

function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}
