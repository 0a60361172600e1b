import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumeMessage } from 'amqplib';
import type { Settlement, Subscription } from '../driver.ts';
import type { Channels } from './channels.ts';
import type { Intake, Intakes, Patience } from './intake.ts';
import { queueName } from './names.ts';
import { QueueLane } from './queue-lane.ts';

const APPLIED_LOOK_MS = 10;
const APPLIED_LOOKS = 50;

export function queueIntakes(subscription: Subscription, ack: 'acks' | 'no acks'): Intakes {
  return {
    open: (channels, onMessage) => Promise.resolve(new QueueIntake(subscription, ack, channels, onMessage)),
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
  /** partitions whose queues their former owner has left */
  readonly #taken = new Set<number>();
  /** by partition */
  readonly #lanes = new Map<number, QueueLane>();
  /** by consumer tag */
  readonly #origins = new Map<string, QueueLane>();
  #takes = 0;

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
  }

  get consumed(): readonly number[] {
    return [...this.#lanes.keys()];
  }

  get open(): number {
    return [...this.#lanes.values()].filter(({ isOpen }) => isOpen).length;
  }

  get unsettled(): number {
    return [...this.#lanes.values()].reduce((sum, { unsettled }) => sum + unsettled, 0);
  }

  async take(partition: number, prefetch: number, patience: Patience): Promise<void> {
    const former = this.#lanes.get(partition);
    if (former?.isOpen === true || (await this.#leave(partition)) === 'unsettled') return;
    const queue = queueName(this.#subscription, partition);
    if (!this.#taken.has(partition) && patience !== 'over') {
      if ((await this.#channels.control.checkQueue(queue)).consumerCount > 0) return;
    }
    this.#taken.add(partition);
    const tag = `${partition}.${this.#takes++}`;
    const options = { queue, tag, ack: this.#ack, prefetch, onMessage: this.#onMessage };
    const lane = await QueueLane.open(options, this.#channels);
    this.#lanes.set(partition, lane);
    this.#origins.set(tag, lane);
    await lane.consume();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.stop()));
    await Promise.all([...this.#lanes.keys()].map((partition) => this.#leave(partition)));
  }

  async release(): Promise<void> {
    // what was settled only while others were left
    await Promise.all([...this.#lanes.keys()].map((partition) => this.#leave(partition)));
    this.#taken.clear();
  }

  settle(message: ConsumeMessage, settlement: Settlement): void {
    this.#origins.get(message.fields.consumerTag)?.settle(message, settlement);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.close()));
    await this.#applied();
  }

  end(): void {
    // the server takes back what is unsettled, and the settlements know the end of their channel
  }

  /** Leaves the queue of a partition that is not taken from any more, when nothing of it is unsettled. */
  async #leave(partition: number): Promise<'left' | 'unsettled'> {
    const lane = this.#lanes.get(partition);
    if (lane === undefined) return 'left';
    if (lane.unsettled > 0) return 'unsettled';
    await lane.close();
    this.#lanes.delete(partition);
    this.#origins.delete(lane.tag);
    return 'left';
  }

  /** A quorum queue still writes the last settlements to its log when the channel is closed already. */
  async #applied(): Promise<void> {
    for (const partition of this.#taken) {
      const queue = queueName(this.#subscription, partition);
      for (let look = 0; look < APPLIED_LOOKS; look++) {
        if ((await this.#channels.control.checkQueue(queue)).consumerCount === 0) break;
        await delay(APPLIED_LOOK_MS);
      }
    }
  }
}
