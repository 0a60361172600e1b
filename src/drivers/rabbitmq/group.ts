import type { Channel, ChannelModel } from 'amqplib';
import type { Subscription } from '../driver.ts';
import { exists, holdExclusively } from './exclusive.ts';
import { rosterName, slotName } from './names.ts';
import { onChannel } from './partitions.ts';

/** How long a lower number of consumers must stand, after a restart of the broker, before the others take over. */
const GRACE_MS = 2_000;

/** A consumer's place among those of its subscription. Outlives the connection. */
export interface Place {
  /** how many consumers there are, as far as this one believes */
  size: number;
  /** its number, below `size`; undefined while it has none */
  slot: number | undefined;
  /** since when fewer than `size` have been seen, ms of performance.now() */
  fewerSinceMs: number | undefined;
}

export interface GroupOptions {
  readonly partitions: number;
  readonly place: Place;
  /** of the cluster */
  readonly nodes: number;
}

export function noPlace(): Place {
  return { size: 0, slot: undefined, fewerSinceMs: undefined };
}

/**
 * Spreads the partitions of a subscription over its consumers, whichever agents they are in: of n consumers,
 * number i has the partitions p with p mod n = i.
 *
 * RabbitMQ has nothing for it. With x-single-active-consumer alone the first consumer would have every
 * queue, and consumer priorities among single active consumers need 4.0 (quorum queues only). So the
 * consumers look at two things that the server keeps exactly, also when one of them dies: how many subscribe
 * to the roster queue, and which slots (exclusive queues) are taken. A number that falls is believed only
 * after 2 s where the broker may have been restarted, so that consumers who come back one by one move no partition:
 * in a cluster, and in the first 2 s of a connection. One node whose connection has stood for longer was not
 * restarted, and who is no longer on the roster left.
 */
export class Group {
  readonly #model: ChannelModel;
  readonly #subscription: Subscription;
  readonly #partitions: number;
  readonly #place: Place;
  readonly #nodes: number;
  readonly #sinceMs = performance.now();
  #holdsSlot = false;

  constructor(model: ChannelModel, subscription: Subscription, options: GroupOptions) {
    this.#model = model;
    this.#subscription = subscription;
    this.#partitions = options.partitions;
    this.#place = options.place;
    this.#nodes = options.nodes;
  }

  /** Enters the roster, until the channel closes. */
  async join(channel: Channel): Promise<void> {
    await channel.consume(rosterName(this.#subscription), () => {
      // no message is ever meant for the roster, and its deletion is seen at the next look
    });
  }

  /** Looks at the roster, and says which partitions are this consumer's. */
  async share(channel: Channel): Promise<readonly number[]> {
    const { consumerCount } = await channel.checkQueue(rosterName(this.#subscription));
    // itself at least: a quorum queue without a leader says 0 (rabbit_quorum_queue.erl, stat/1)
    const counted = Math.max(1, consumerCount);
    // one that joins has no slot yet
    const seen = this.#place.size === 0 ? counted : await this.#withoutGhosts(counted);
    this.#believe(seen, performance.now());
    const { size } = this.#place;
    if (!this.#holdsSlot || this.#place.slot === undefined || this.#place.slot >= size)
      await this.#takeSlot();
    const { slot } = this.#place;
    const all = Array.from({ length: this.#partitions }, (_, partition) => partition);
    return this.#holdsSlot ? all.filter((partition) => partition % size === slot) : [];
  }

  /**
   * A quorum queue, which the roster is in a cluster, goes on counting a consumer whose node was killed until that
   * node is back (rabbit_fifo.erl, query_stat/1, in 3.10.8). Slots go with their node.
   */
  async #withoutGhosts(counted: number): Promise<number> {
    if (this.#nodes === 1 || counted === 1) return counted;
    let taken = this.#holdsSlot ? 0 : 1;
    for (let slot = 0; slot < counted; slot++) {
      if (
        (this.#holdsSlot && slot === this.#place.slot) ||
        (await exists(this.#model, slotName(this.#subscription, slot)))
      )
        taken++;
    }
    return Math.min(counted, taken);
  }

  #believe(seen: number, nowMs: number): void {
    const place = this.#place;
    if (seen >= place.size) {
      place.size = seen;
      place.fewerSinceMs = undefined;
    } else {
      place.fewerSinceMs ??= nowMs;
      const wasNotRestarted = this.#nodes === 1 && nowMs - this.#sinceMs > GRACE_MS;
      if (!wasNotRestarted && nowMs - place.fewerSinceMs < GRACE_MS) return;
      place.size = seen;
      place.fewerSinceMs = undefined;
    }
  }

  /** Takes the slot it had before the connection was lost, else the lowest that is free. */
  async #takeSlot(): Promise<void> {
    const former = this.#place.slot;
    if (this.#holdsSlot && former !== undefined) await this.#releaseSlot(former);
    // a slot beyond the partitions would have none of them
    const slots = Array.from({ length: Math.min(this.#place.size, this.#partitions) }, (_, slot) => slot);
    if (former !== undefined && former < slots.length) slots.unshift(former);
    for (const slot of slots) {
      if (!(await holdExclusively(this.#model, slotName(this.#subscription, slot)))) continue;
      this.#place.slot = slot;
      this.#holdsSlot = true;
      return;
    }
  }

  async #releaseSlot(slot: number): Promise<void> {
    this.#holdsSlot = false;
    this.#place.slot = undefined;
    await onChannel(this.#model, (channel) => channel.deleteQueue(slotName(this.#subscription, slot)));
  }
}
