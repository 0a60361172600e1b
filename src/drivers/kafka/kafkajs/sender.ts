import type { Message, Producer } from 'kafkajs';
import { SendError, type SendOutcome } from '../../errors.ts';
import { noFailures } from '../client.ts';
import type { PartitionBatch, Sender, SendFailures } from '../client.ts';
import type { KafkaConfig } from '../config.ts';
import type { ProducerSettings } from '../contract.ts';
import {
  closeTimeoutMs,
  idempotentRetries,
  idempotentRetryDelayMs,
  maxRequests,
  requestTimeoutMs,
} from '../limits.ts';
import { outcomeOfCode } from '../outcome.ts';
import { within } from '../../within.ts';
import { mendable, topicMissing } from '../topic-errors.ts';
import { chain, codeOf, codesOf, hasType, retriesOf } from './errors.ts';
import { connect, retries } from './options.ts';
import { Sockets } from './sockets.ts';

/**
 * A call of send passes several asynchronous steps before it is written, as many as it has partitions, and
 * may be overtaken by a later one (src/producer/sendMessages.js). An idempotent one that fails gives its
 * sequence numbers back, and the next send takes them before the retry does (src/producer/eosManager). So
 * that order and identity hold, one request of a partition may be under way.
 */
export class KafkajsSender implements Sender {
  readonly requestsPerPartition = 1;
  readonly #topic: string;
  readonly #settings: ProducerSettings;
  readonly #producer: Producer;
  readonly #sockets = new Sockets(() => (this.#lost += 1));
  #connections = 0;
  #lost = 0;

  static async open(config: KafkaConfig, topic: string, settings: ProducerSettings): Promise<Sender> {
    const sender = new KafkajsSender(config, topic, settings);
    try {
      await sender.#producer.connect();
      return sender;
    } catch (error) {
      await sender.close();
      throw error;
    }
  }

  private constructor(config: KafkaConfig, topic: string, settings: ProducerSettings) {
    this.#topic = topic;
    this.#settings = settings;
    const { idempotent } = settings;
    const kafka = connect(config, retries(0, idempotentRetryDelayMs), (socket) => {
      this.#connections += 1;
      this.#sockets.add(socket);
    });
    this.#producer = kafka.producer({
      idempotent,
      // a retry without an identity would duplicate
      retry: retries(idempotent ? idempotentRetries : 0, idempotentRetryDelayMs),
      maxInFlightRequests: maxRequests,
      allowAutoTopicCreation: false,
      createPartitioner: () => (args) => args.message.partition ?? 0,
    });
  }

  async send(batches: readonly PartitionBatch[]): Promise<SendFailures> {
    const messages: Message[] = [];
    for (const { partition, messages: outgoing } of batches) {
      for (const { key, payload, headers } of outgoing) {
        messages.push(
          headers === undefined
            ? { partition, key, value: payload }
            : { partition, key, value: payload, headers: { ...headers } },
        );
      }
    }
    const connectionsBefore = this.#sockets.size > 0 ? -1 : this.#connections;
    const lostBefore = this.#lost;
    try {
      const { acks } = this.#settings;
      await this.#producer.send({ topic: this.#topic, messages, acks, timeout: requestTimeoutMs });
      return noFailures;
    } catch (error) {
      const wasConnected = this.#connections !== connectionsBefore;
      const outcome = wasConnected
        ? outcomeOf(error, batches, this.#settings.acks, this.#lost === lostBefore ? 'kept' : 'lost')
        : 'failed';
      const mended = mendable(codesOf(error), this.#topic);
      const reason = hasType(error, 'UNKNOWN_TOPIC_OR_PARTITION')
        ? topicMissing(this.#topic)
        : (mended?.reason ?? chain(error).at(-1)?.message ?? 'not acknowledged');
      const failure = new SendError(outcome, reason, { cause: error, mend: mended?.mend });
      return new Map(batches.map(({ partition }) => [partition, failure]));
    }
  }

  abandon(): void {
    this.#sockets.destroy();
  }

  async close(): Promise<void> {
    // kafkajs waits for the answers to what is under way, which may never come
    await within(closeTimeoutMs, this.#producer.disconnect(), 'closing a producer').then(
      () => this.#sockets.end(),
      () => this.#sockets.destroy(),
    );
  }
}

const unwritten: ReadonlySet<string> = new Set([
  'KafkaJSMetadataNotLoaded',
  'KafkaJSTopicMetadataNotLoaded',
  'KafkaJSBrokerNotFound',
]);

/**
 * kafkajs reports the first error that an answer holds, not of which partition it is, and nothing of earlier
 * attempts: with several of either, the rest is open. Where a connection was lost it may connect again before it
 * reports, and what it then reports is how that went, and not that a request was written before
 * (src/producer/sendMessages.js).
 * @param connection whether one was lost since the call
 */
function outcomeOf(
  error: unknown,
  batches: readonly PartitionBatch[],
  acks: 0 | 1 | -1,
  connection: 'kept' | 'lost',
): SendOutcome {
  if (retriesOf(error) > 0 || connection === 'lost') return 'unknown';
  const code = codeOf(error);
  const [batch] = batches;
  if (code !== undefined) {
    if (batches.length > 1 || batch === undefined) return 'unknown';
    const outcome = outcomeOfCode(code, acks);
    // refused is the batch, while each message of it is small enough
    return outcome === 'refused' && batch.messages.length > 1 ? 'failed' : outcome;
  }
  return chain(error).some(isBeforeWriting) ? 'failed' : 'unknown';
}

function isBeforeWriting(error: Error): boolean {
  if (unwritten.has(error.name)) return true;
  return (
    error.name === 'KafkaJSConnectionError' &&
    /^(Not connected|Connection timeout|Connection error: connect )/.test(error.message)
  );
}
