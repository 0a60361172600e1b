import { setTimeout as delay } from 'node:timers/promises';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { Settlement, Subscription } from '../driver.ts';
import { Gone, isGone } from './failure.ts';
import { Group, type Place } from './group.ts';
import { queueName } from './names.ts';
import { Settlements } from './settlements.ts';

/** How long the former owner of a queue is waited for: it settles what it has, or its node has died. */
const HANDOVER_PATIENCE_MS = 5_000;
const APPLIED_LOOK_MS = 10;
const APPLIED_LOOKS = 50;

/** What a consumer wants of each of its sessions. */
export interface SessionPlan {
  readonly subscription: Subscription;
  readonly partitions: number;
  readonly window: number;
  readonly noAck: boolean;
  readonly place: Place;
  /** of the cluster */
  readonly nodes: number;
  readonly onMessage: (session: Session, message: ConsumeMessage) => void;
  /** the channels have ended, not by `close` */
  readonly onEnd: (error: Error | undefined) => void;
}

/**
 * A consumer's time on one connection: its channels, its place in the group, and the queues that it has
 * taken. What it received is settled on the channel that it came from, or not at all.
 */
export class Session {
  readonly #plan: SessionPlan;
  readonly #group: Group;
  /** deliveries and their settlements */
  readonly #channel: Channel;
  /** everything else, so that no answer waits behind deliveries */
  readonly #control: Channel;
  readonly #settlements: Settlements;
  /** queues that are this consumer's by its place in the group, and that their former owner has left */
  readonly #taken = new Set<string>();
  /** consumer tag of each queue that is consumed from */
  readonly #tags = new Map<string, string>();
  #share: readonly string[] = [];
  /** ms of performance.now() */
  #shareSinceMs = 0;
  #error: Error | undefined;
  #closing = false;
  #ended = false;

  private constructor(plan: SessionPlan, model: ChannelModel, channel: Channel, control: Channel) {
    this.#plan = plan;
    this.#group = new Group(model, plan.subscription, plan);
    this.#channel = channel;
    this.#control = control;
    this.#settlements = new Settlements(channel);
    for (const each of [channel, control]) {
      each.on('error', (error) => this.#note(error));
      each.on('close', () => this.#end(each === channel ? control : channel));
    }
  }

  static async open(model: ChannelModel, plan: SessionPlan): Promise<Session> {
    const channel = await model.createChannel();
    const control = await model.createChannel();
    const session = new Session(plan, model, channel, control);
    await session.#group.join(control).catch((error: unknown) => {
      throw gone(plan.subscription, error);
    });
    return session;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get unsettled(): number {
    return this.#settlements.unsettled;
  }

  /** The queues that are its own, consumed from or paused. */
  get queues(): readonly string[] {
    return [...this.#taken];
  }

  settle(message: ConsumeMessage, settlement: Settlement): void {
    if (!this.#plan.noAck) this.#settlements.settle(message, settlement);
  }

  /**
   * Gives up and takes queues as the group has changed. A queue is taken when its former owner has left it,
   * and one's own are left when everything received is settled, so that the order of a key survives the
   * handover. (x-single-active-consumer guards the moments in which two believe that a queue is theirs.)
   * A queue goes on counting a consumer whose node was killed, as one that waits, until that node is back
   * (3.10.8: rabbit_fifo.erl, `{down, Pid, noconnection}`): so it is not waited for where there is nobody else,
   * and for 5 s otherwise.
   *
   * @returns whether it now has all that is its own
   * @throws Gone when the subscription is no more
   */
  async balance(mode: 'consuming' | 'paused'): Promise<boolean> {
    try {
      const share = await this.#group.share(this.#control);
      const queues = share.map((partition) => queueName(this.#plan.subscription, partition));
      if (queues.join() !== this.#share.join()) {
        await this.#leaveAll();
        if (this.unsettled > 0) return false;
        this.#taken.clear();
        this.#share = queues;
        this.#shareSinceMs = performance.now();
      }
      if (mode === 'paused') await this.#leaveAll();
      else await this.#takeShare();
      return mode === 'paused' || this.#tags.size === this.#share.length;
    } catch (error) {
      throw gone(this.#plan.subscription, error);
    }
  }

  /** Lets go of its queues and its place, when everything that was settled is known to the server. */
  async close(): Promise<void> {
    if (this.#ended) return;
    this.#closing = true;
    try {
      this.#settlements.flush();
      // answered after the settlements before it
      await this.#channel.close();
      await this.#applied();
      await this.#control.close();
    } catch (error) {
      // the connection went first; the server has taken back what was not settled
      this.#note(error);
    }
    this.#ended = true;
  }

  /**
   * A quorum queue still writes the last settlements to its log when the channel is closed already. It counts
   * a consumer until all that this had is settled.
   */
  async #applied(): Promise<void> {
    for (const queue of this.#taken) {
      for (let look = 0; look < APPLIED_LOOKS; look++) {
        if ((await this.#control.checkQueue(queue)).consumerCount === 0) break;
        await delay(APPLIED_LOOK_MS);
      }
    }
  }

  async #leaveAll(): Promise<void> {
    const tags = [...this.#tags.values()];
    this.#tags.clear();
    for (const tag of tags) await this.#channel.cancel(tag);
  }

  async #takeShare(): Promise<void> {
    for (const [index, queue] of this.#share.entries()) {
      if (this.#tags.has(queue)) continue;
      if (!this.#taken.has(queue) && (await this.#isHeldByAnother(queue))) continue;
      this.#taken.add(queue);
      // is for each consumer begun after it
      await this.#channel.prefetch(prefetchOf(index, this.#share.length, this.#plan.window));
      const { consumerTag } = await this.#channel.consume(queue, (message) => this.#receive(queue, message), {
        noAck: this.#plan.noAck,
      });
      this.#tags.set(queue, consumerTag);
    }
  }

  async #isHeldByAnother(queue: string): Promise<boolean> {
    const { size } = this.#plan.place;
    if (size === 1 || performance.now() - this.#shareSinceMs > HANDOVER_PATIENCE_MS) return false;
    return (await this.#control.checkQueue(queue)).consumerCount > 0;
  }

  /** @param message null when the server has cancelled the consumer, as it does when the queue is deleted */
  #receive(queue: string, message: ConsumeMessage | null): void {
    if (message === null) {
      // tried again by the next `balance`, which fails where the queue is gone for good
      this.#tags.delete(queue);
      return;
    }
    if (!this.#plan.noAck) this.#settlements.received();
    this.#plan.onMessage(this, message);
  }

  /** @param other the channel that may still be open, and would keep this consumer on the roster */
  #end(other: Channel): void {
    if (this.#ended || this.#closing) return;
    this.#ended = true;
    other
      .close()
      .catch((error: unknown) => this.#note(error))
      .finally(() => this.#plan.onEnd(this.#error));
  }

  /** Keeps the first error: those that follow are of its making. */
  #note(error: unknown): void {
    this.#error ??= error instanceof Error ? error : new Error(String(error));
  }
}

/**
 * The part of the window that falls to one of a consumer's queues. A limit over all of a channel's consumers
 * (`global`) would be simpler; quorum queues refuse it. A window below the number of queues is one message
 * a queue for the server, and the consumer keeps the surplus back from the handler.
 */
function prefetchOf(index: number, queues: number, window: number): number {
  return Math.max(1, Math.floor(window / queues) + (index < window % queues ? 1 : 0));
}

function gone({ topic, name }: Subscription, error: unknown): unknown {
  return isGone(error) ? new Gone(`the subscription ${name} of ${topic} is gone`) : error;
}
