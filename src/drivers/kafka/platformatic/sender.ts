import { Producer } from '@platformatic/kafka';
import type { MessageToProduce } from '@platformatic/kafka';
import type { Headers } from '../../driver.ts';
import { SendError } from '../../errors.ts';
import { noFailures } from '../client.ts';
import type { PartitionBatch, Sender, SendFailures } from '../client.ts';
import type { KafkaConfig } from '../config.ts';
import type { ProducerSettings } from '../contract.ts';
import { closeTimeoutMs, idempotentRetries, idempotentRetryDelayMs, maxRequests } from '../limits.ts';
import { within } from '../../within.ts';
import { mendable, topicMissing } from '../topic-errors.ts';
import { codeOf, isUnknownTopic, leaves } from './errors.ts';
import { failuresOf } from './failures.ts';
import { baseOptions } from './options.ts';

/**
 * The client writes requests to one connection a broker in the order of the calls, and the broker handles
 * those of a connection one after the other, so that without retries several may be under way. With
 * idempotence it allows itself one, as all its attempts carry the sequence number that follows the last
 * acknowledged batch: with two of a partition under way (1.x) both would carry the same, and the broker
 * would acknowledge the second as a duplicate without storing it.
 */
export class PlatformaticSender implements Sender {
  readonly requestsPerPartition: number;
  readonly #topic: string;
  readonly #settings: ProducerSettings;
  readonly #producer: Producer;

  static async open(config: KafkaConfig, topic: string, settings: ProducerSettings): Promise<Sender> {
    const sender = new PlatformaticSender(config, topic, settings);
    try {
      await sender.#warmUp();
      return sender;
    } catch (error) {
      await sender.close();
      throw error;
    }
  }

  private constructor(config: KafkaConfig, topic: string, settings: ProducerSettings) {
    const { acks, idempotent } = settings;
    this.requestsPerPartition = idempotent ? 1 : maxRequests;
    this.#topic = topic;
    this.#settings = settings;
    this.#producer = new Producer({
      ...baseOptions(config),
      acks,
      idempotent,
      // a retry without an identity would duplicate, and overtake what is under way behind it
      retries: idempotent ? idempotentRetries : 0,
      retryDelay: idempotentRetryDelayMs,
      repeatOnStaleMetadata: idempotent,
      maxInflights: maxRequests,
      // nothing else slows down a producer that awaits no answer
      handleBackPressure: acks === 0,
    });
  }

  async send(batches: readonly PartitionBatch[]): Promise<SendFailures> {
    const messages: MessageToProduce[] = [];
    for (const { partition, messages: outgoing } of batches) {
      for (const { key, payload, headers } of outgoing) {
        const message: MessageToProduce =
          key === null
            ? { topic: this.#topic, partition, value: payload }
            : { topic: this.#topic, partition, value: payload, key };
        if (headers !== undefined) message.headers = encodeHeaders(headers);
        messages.push(message);
      }
    }
    try {
      await this.#producer.send({ messages, acks: this.#settings.acks });
      return noFailures;
    } catch (error) {
      // another broker may lead the partition by now
      this.#producer.clearMetadata();
      const outcomes = failuresOf(error, batches, this.#settings.acks);
      const missing = isUnknownTopic(error) ? topicMissing(this.#topic) : undefined;
      const codes = leaves(error).flatMap((leaf) => codeOf(leaf) ?? []);
      const mended = mendable(codes, this.#topic);
      return new Map(
        [...outcomes].map(([partition, { outcome, reason }]) => [
          partition,
          new SendError(outcome, missing ?? mended?.reason ?? reason, { cause: error, mend: mended?.mend }),
        ]),
      );
    }
  }

  abandon(): void {
    // a closed client retries nothing, and its connections are closed before this returns
    this.close().catch(() => undefined);
  }

  async close(): Promise<void> {
    // closing does not wait for an answer; if it fails, the connections are gone anyway
    await within(closeTimeoutMs, this.#producer.close(), 'closing a producer').catch(() =>
      this.#producer.connections.close(),
    );
  }

  async #warmUp(): Promise<void> {
    const metadata = await this.#producer.metadata({ topics: [this.#topic] });
    const partitions = metadata.topics.get(this.#topic)?.partitions ?? [];
    await this.#producer.connectToBrokers([...new Set(partitions.map(({ leader }) => leader))]);
    if (this.#settings.idempotent) await this.#producer.initIdempotentProducer({});
  }
}

/** Without serializers the client writes bytes only. */
function encodeHeaders(headers: Headers): Map<Buffer, Buffer> {
  return new Map(Object.entries(headers).map(([name, value]) => [Buffer.from(name), Buffer.from(value)]));
}
