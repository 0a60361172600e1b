import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumeMessage } from 'amqplib';
import type { Settlement, Subscription } from '../driver.ts';
import type { Channels, Intake, Intakes, Patience } from './intake.ts';
import { queueName } from './names.ts';
import { Settlements } from './settlements.ts';

const APPLIED_LOOK_MS = 10;
const APPLIED_LOOKS = 50;

export function queueIntakes(subscription: Subscription, ack: 'acks' | 'no acks'): Intakes {
  return {
    open: (channels, onMessage) => new QueueIntake(subscription, ack, channels, onMessage),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/**
 * Consumes the queues of its partitions. A queue is taken when its former owner has left it.
 * (x-single-active-consumer guards the moments in which two believe that a queue is theirs.)
 */
class QueueIntake implements Intake {
  readonly #subscription: Subscription;
  readonly #ack: 'acks' | 'no acks';
  readonly #channels: Channels;
  readonly #onMessage: (message: ConsumeMessage) => void;
  readonly #settlements: Settlements;
  /** partitions whose queues their former owner has left */
  readonly #taken = new Set<number>();
  /** consumer tag of each partition that is consumed from */
  readonly #tags = new Map<number, string>();

  constructor(
    subscription: Subscription,
    ack: 'acks' | 'no acks',
    channels: Channels,
    onMessage: (message: ConsumeMessage) => void,
  ) {
    this.#subscription = subscription;
    this.#ack = ack;
    this.#channels = channels;
    this.#onMessage = onMessage;
    this.#settlements = new Settlements(channels.deliveries);
  }

  get taken(): readonly number[] {
    return [...this.#taken];
  }

  get open(): number {
    return this.#tags.size;
  }

  get unsettled(): number {
    return this.#settlements.unsettled;
  }

  async take(partition: number, prefetch: number, patience: Patience): Promise<void> {
    if (this.#tags.has(partition)) return;
    const { deliveries, control } = this.#channels;
    const queue = queueName(this.#subscription, partition);
    if (!this.#taken.has(partition) && patience !== 'over') {
      if ((await control.checkQueue(queue)).consumerCount > 0) return;
    }
    this.#taken.add(partition);
    // is for each consumer begun after it
    await deliveries.prefetch(prefetch);
    const receive = (message: ConsumeMessage | null): void => this.#receive(partition, message);
    const { consumerTag } = await deliveries.consume(queue, receive, { noAck: this.#ack === 'no acks' });
    this.#tags.set(partition, consumerTag);
  }

  async stop(): Promise<void> {
    const tags = [...this.#tags.values()];
    this.#tags.clear();
    for (const tag of tags) await this.#channels.deliveries.cancel(tag);
  }

  release(): Promise<void> {
    this.#taken.clear();
    return Promise.resolve();
  }

  settle(message: ConsumeMessage, settlement: Settlement): void {
    if (this.#ack === 'acks') this.#settlements.settle(message, settlement);
  }

  flush(): Promise<void> {
    this.#settlements.flush();
    return Promise.resolve();
  }

  /**
   * A quorum queue still writes the last settlements to its log when the channel is closed already. It counts
   * a consumer until all that this had is settled.
   */
  async applied(): Promise<void> {
    for (const partition of this.#taken) {
      const queue = queueName(this.#subscription, partition);
      for (let look = 0; look < APPLIED_LOOKS; look++) {
        if ((await this.#channels.control.checkQueue(queue)).consumerCount === 0) break;
        await delay(APPLIED_LOOK_MS);
      }
    }
  }

  end(): void {
    // the server takes back what is unsettled, and the settlements know the end of their channel
  }

  /** @param message null when the server has cancelled the consumer, as it does when the queue is deleted */
  #receive(partition: number, message: ConsumeMessage | null): void {
    if (message === null) {
      // tried again by the next look, which fails where the queue is gone for good
      this.#tags.delete(partition);
      return;
    }
    if (this.#ack === 'acks') this.#settlements.received();
    this.#onMessage(message);
  }
}
