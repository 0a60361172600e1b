import type { Channel, ConsumeMessage } from 'amqplib';
import type { Settlement } from '../driver.ts';
import type { Channels } from './channels.ts';
import { Settlements } from './settlements.ts';

export interface QueueLaneOptions {
  readonly queue: string;
  /** chosen here, to know by it the lane of a delivery */
  readonly tag: string;
  readonly ack: 'acks' | 'no acks';
  readonly prefetch: number;
  readonly onMessage: (message: ConsumeMessage) => void;
}

/**
 * The consumer of one queue, on a channel of its own, which is closed to leave the queue in order: what a channel had
 * goes back to the head, and what a cancelled consumer had to the tail (ADR 0015). What still comes before it is closed
 * is not looked at: it is for the next consumer.
 */
export class QueueLane {
  readonly #options: QueueLaneOptions;
  readonly #channels: Channels;
  readonly #channel: Channel;
  readonly #settlements: Settlements;
  #isConsuming = false;
  #isStopped = false;

  static async open(options: QueueLaneOptions, channels: Channels): Promise<QueueLane> {
    return new QueueLane(options, channels, await channels.openDeliveries());
  }

  private constructor(options: QueueLaneOptions, channels: Channels, channel: Channel) {
    this.#options = options;
    this.#channels = channels;
    this.#channel = channel;
    this.#settlements = new Settlements(channel);
  }

  /** Whether it takes messages. */
  get isOpen(): boolean {
    return this.#isConsuming && !this.#isStopped;
  }

  get tag(): string {
    return this.#options.tag;
  }

  get unsettled(): number {
    return this.#settlements.unsettled;
  }

  async consume(): Promise<void> {
    const { queue, tag, ack, prefetch } = this.#options;
    // is for each consumer begun after it
    await this.#channel.prefetch(prefetch);
    const receive = (message: ConsumeMessage | null): void => this.#receive(message);
    this.#isConsuming = true;
    await this.#channel.consume(queue, receive, { consumerTag: tag, noAck: ack === 'no acks' });
  }

  settle(message: ConsumeMessage, settlement: Settlement): void {
    if (this.#options.ack === 'acks') this.#settlements.settle(message, settlement);
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    // a server that forgets what it has sent must stop sending first, and all that it has sent is handled
    if (this.#options.ack === 'no acks' && this.#isConsuming) await this.#channel.cancel(this.#options.tag);
    this.#isStopped = true;
  }

  /** Resolves when the server has the settlements, and has been told that the rest is for others. */
  async close(): Promise<void> {
    await this.stop();
    this.#settlements.flush();
    if (this.#options.ack === 'acks' && this.#isConsuming) await this.#fence();
    await this.#channels.closeDeliveries(this.#channel);
  }

  /**
   * Resolves when the queue has got every settlement. The channel of a quorum queue holds settlements back
   * while 32 of its commands are not applied, and forgets them when it is closed (rabbit_fifo_client.erl,
   * `unsent_commands`). A second consumer, which waits since the first is the single active one, and its cancel
   * are commands that the channel waits for; and having waited, it sends what it held back.
   */
  async #fence(): Promise<void> {
    const { consumerTag } = await this.#channel.consume(this.#options.queue, () => {
      // waits, and gets nothing
    });
    await this.#channel.cancel(consumerTag);
  }

  /** @param message null when the server has cancelled the consumer, as it does when the queue is deleted */
  #receive(message: ConsumeMessage | null): void {
    if (message === null) {
      // tried again by the next look, which fails where the queue is gone for good
      this.#isConsuming = false;
      return;
    }
    if (this.#isStopped) return;
    if (this.#options.ack === 'acks') this.#settlements.received();
    this.#options.onMessage(message);
  }
}
