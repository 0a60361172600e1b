import { Batcher } from '../batcher.ts';
import type { Pending } from '../batcher.ts';
import type { OutgoingMessage, Producer, ProducerOptions } from '../driver.ts';
import { SendError } from '../errors.ts';
import { noFailures } from './client.ts';
import type { Sender, SendFailures } from './client.ts';
import type { ProducerSettings } from './contract.ts';
import { Lanes } from './lanes.ts';
import type { LaneBatch } from './lanes.ts';
import { connectTimeoutMs, maxRequests } from './limits.ts';
import { Partitioner } from './partitioner.ts';
import { batchHeaderBytes, loneBatchBytes, maxRecordBytes } from './record-size.ts';
import { within } from '../within.ts';

export interface ProducerTopic {
  readonly name: string;
  readonly partitions: number;
  /** max.message.bytes of the topic */
  readonly maxMessageBytes: number;
  readonly settings: ProducerSettings;
}

/**
 * Gathers messages into batches, keeps the batches of a partition in order, and bounds the time to an
 * outcome. It resends nothing itself: a retry is the client's, under the identity of the first attempt.
 */
export class KafkaProducer implements Producer {
  readonly #topic: ProducerTopic;
  readonly #openSender: () => Promise<Sender>;
  readonly #onClosed: (producer: KafkaProducer) => void;
  readonly #partitioner: Partitioner;
  readonly #batcher: Batcher;
  readonly #lanes: Lanes;
  readonly #underWay = new Set<Promise<void>>();
  readonly #retired = new Set<Promise<void>>();
  #sender: Sender | undefined;
  #opening: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  /** @param sender the first one; `openSender` replaces one that is not to be trusted any longer */
  constructor(
    topic: ProducerTopic,
    options: ProducerOptions,
    sender: Sender,
    openSender: () => Promise<Sender>,
    onClosed: (producer: KafkaProducer) => void,
  ) {
    this.#topic = topic;
    this.#sender = sender;
    this.#openSender = openSender;
    this.#onClosed = onClosed;
    this.#partitioner = new Partitioner(topic.partitions);
    this.#batcher = new Batcher(options.batching, (batch) => this.#enqueue(batch));
    this.#lanes = new Lanes({
      partitions: topic.partitions,
      batchesPerPartition: sender.requestsPerPartition,
      maxMessages: options.batching.maxBatchMessages,
      maxBytes: options.batching.maxBatchBytes,
      maxPartitionBytes: topic.maxMessageBytes,
    });
  }

  send(message: OutgoingMessage): Promise<void> {
    if (this.#closing !== undefined) return Promise.reject(new SendError('failed', 'the producer is closed'));
    const { maxMessageBytes } = this.#topic;
    if (batchHeaderBytes + maxRecordBytes(message) <= maxMessageBytes) return this.#batcher.add(message);
    const sizeBytes = loneBatchBytes(message);
    if (sizeBytes <= maxMessageBytes) return this.#batcher.add(message);
    // here rather than by the broker, whose answer would be for the whole batch
    const reason = `message of ${sizeBytes} bytes is larger than max.message.bytes ${maxMessageBytes}`;
    return Promise.reject(new SendError('refused', reason));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#batcher.flush();
    // each of these ends at the delivery timeout at the latest
    while (this.#underWay.size > 0 || this.#opening !== undefined) {
      await Promise.all([...this.#underWay, this.#opening]);
    }
    this.#retire();
    await Promise.all(this.#retired);
    this.#onClosed(this);
  }

  #enqueue(batch: Pending[]): void {
    const byPartition = new Map<number, Pending[]>();
    let keyless: number | undefined;
    for (const pending of batch) {
      const { key } = pending.message;
      const partition =
        key === undefined
          ? (keyless ??= this.#partitioner.ofNextKeylessBatch())
          : this.#partitioner.ofKey(key).partition;
      const lane = byPartition.get(partition);
      if (lane === undefined) byPartition.set(partition, [pending]);
      else lane.push(pending);
    }
    const nowMs = performance.now();
    for (const [partition, pending] of byPartition) this.#lanes.add(partition, pending, nowMs);
    this.#pump();
  }

  #pump(): void {
    while (this.#underWay.size < maxRequests && this.#opening === undefined) {
      if (this.#lanes.isEmpty) return;
      if (this.#sender === undefined) {
        this.#opening = this.#reopen();
        return;
      }
      const batches = this.#lanes.take();
      if (batches.length === 0) return;
      const request = this.#request(this.#sender, batches);
      this.#underWay.add(request);
      // `request` never rejects, and the pump starts the next one only after this one is forgotten
      request.then(() => {
        this.#underWay.delete(request);
        this.#pump();
      }, noRejection);
    }
  }

  async #request(sender: Sender, batches: readonly LaneBatch[]): Promise<void> {
    const oldestMs = Math.min(...batches.map(({ sinceMs }) => sinceMs));
    const { deliveryTimeoutMs } = this.#topic.settings;
    const remainingMs = Math.max(0, oldestMs + deliveryTimeoutMs - performance.now());
    const failures = await this.#settleWithin(remainingMs, this.#send(sender, batches), batches);
    // or a retry of what was given up would overtake what is sent next
    if (isTimedOut(failures)) sender.abandon();
    for (const batch of batches) {
      this.#lanes.release(batch);
      const failure = failures.get(batch.partition);
      for (const pending of batch.pending) {
        if (failure === undefined) pending.resolve();
        else pending.reject(failure);
      }
    }
    if (failures !== noFailures) this.#afterFailure(sender, failures);
  }

  #settleWithin(
    timeoutMs: number,
    sending: Promise<SendFailures>,
    batches: readonly LaneBatch[],
  ): Promise<SendFailures> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const failure = new DeliveryTimeout(this.#topic.settings.deliveryTimeoutMs);
        resolve(new Map(batches.map(({ partition }) => [partition, failure])));
      }, timeoutMs);
      sending.then((failures) => {
        clearTimeout(timer);
        resolve(failures);
      }, reject);
    });
  }

  #send(sender: Sender, batches: readonly LaneBatch[]): Promise<SendFailures> {
    return sender.send(
      batches.map(({ partition, pending }) => ({
        partition,
        messages: pending.map(({ message: { key, payload, headers } }) => ({
          key: key === undefined ? null : this.#partitioner.ofKey(key).keyBytes,
          payload,
          headers,
        })),
      })),
    );
  }

  /**
   * A client whose request timed out may hold a connection that never answers again. An idempotent one
   * that gave a batch up would give its sequence numbers to the next batch, which the broker would then
   * take for a duplicate, and acknowledge without storing it. Both are replaced.
   */
  #afterFailure(sender: Sender, failures: SendFailures): void {
    const isOpen = [...failures.values()].some(({ outcome }) => outcome === 'unknown');
    if (sender === this.#sender && (isTimedOut(failures) || (this.#topic.settings.idempotent && isOpen)))
      this.#retire();
    const { deliveryTimeoutMs } = this.#topic.settings;
    const expired = this.#lanes.removeSince(performance.now() - deliveryTimeoutMs);
    const failure = new SendError('failed', `not sent within ${deliveryTimeoutMs} ms`);
    for (const pending of expired) pending.reject(failure);
  }

  async #reopen(): Promise<void> {
    const opening = this.#openSender();
    try {
      this.#sender = await within(connectTimeoutMs, opening, 'connecting a producer');
    } catch (error) {
      const failure = new SendError('failed', 'no connection to the broker', { cause: error });
      for (const pending of this.#lanes.removeSince(undefined)) pending.reject(failure);
      this.#retireWhenDone(opening.then(closeSender, nothingToClose));
    }
    this.#opening = undefined;
    this.#pump();
  }

  /** Does not take a sender's requests away from it: those under way keep their chance until they settle. */
  #retire(): void {
    const sender = this.#sender;
    if (sender === undefined) return;
    this.#sender = undefined;
    this.#retireWhenDone(Promise.all(this.#underWay).then(() => sender.close()));
  }

  #retireWhenDone(closing: Promise<void>): void {
    this.#retired.add(closing);
    closing.then(() => this.#retired.delete(closing), noRejection);
  }
}

/** The outcome of what the client had not settled in time. */
class DeliveryTimeout extends SendError {
  constructor(deliveryTimeoutMs: number) {
    super('unknown', `not acknowledged within ${deliveryTimeoutMs} ms`);
    this.name = 'DeliveryTimeout';
  }
}

function isTimedOut(failures: SendFailures): boolean {
  return [...failures.values()].some((failure) => failure instanceof DeliveryTimeout);
}

const closeSender = (sender: Sender): Promise<void> => sender.close();
const nothingToClose = (): void => undefined;

/** A promise that by its contract never rejects did: a bug, which must not pass unseen. */
function noRejection(error: unknown): never {
  throw error;
}
