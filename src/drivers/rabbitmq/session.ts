import type { ChannelModel, ConsumeMessage } from 'amqplib';
import type { Settlement, Subscription } from '../driver.ts';
import { Channels } from './channels.ts';
import { Gone, isGone } from './failure.ts';
import { Group, type Place } from './group.ts';
import type { Intake, Intakes, Patience } from './intake.ts';

/** How long the former owner of a partition is waited for: it settles what it has, or its node has died. */
const HANDOVER_PATIENCE_MS = 5_000;

/** What a consumer wants of each of its sessions. */
export interface SessionPlan {
  readonly subscription: Subscription;
  readonly partitions: number;
  readonly window: number;
  readonly place: Place;
  /** of the cluster */
  readonly nodes: number;
  readonly intakes: Intakes;
  readonly onMessage: (session: Session, message: ConsumeMessage) => void;
  /** the channels have ended, not by `close` */
  readonly onEnd: () => void;
}

/**
 * A consumer's time on one connection: its channels, its place in the group, and the partitions that it has
 * taken. What it received is settled on the channel that it came from, or not at all.
 */
export class Session {
  readonly #plan: SessionPlan;
  readonly #group: Group;
  readonly #channels: Channels;
  readonly #intake: Intake;
  #share: readonly number[] = [];
  /** ms of performance.now() */
  #shareSinceMs = 0;
  #closing = false;

  static async open(model: ChannelModel, plan: SessionPlan): Promise<Session> {
    let session: Session | undefined;
    const channels = await Channels.open(model, () => {
      if (session === undefined) plan.onEnd();
      else session.#end();
    });
    const intake = await plan.intakes.open(channels, (message) => {
      if (session !== undefined) plan.onMessage(session, message);
    });
    session = new Session(plan, channels, intake);
    try {
      await session.#group.join(channels.control);
      return session;
    } catch (error) {
      await session.close();
      throw gone(plan.subscription, error);
    }
  }

  private constructor(plan: SessionPlan, channels: Channels, intake: Intake) {
    this.#plan = plan;
    this.#group = new Group(channels.model, plan.subscription, plan);
    this.#channels = channels;
    this.#intake = intake;
  }

  get ended(): boolean {
    return this.#channels.isOver;
  }

  get unsettled(): number {
    return this.#intake.unsettled;
  }

  /** The partitions that it may have unsettled messages of. */
  get partitions(): readonly number[] {
    return this.#intake.consumed;
  }

  settle(message: ConsumeMessage, settlement: Settlement): void {
    this.#intake.settle(message, settlement);
  }

  /**
   * Gives up and takes partitions as the group has changed. A partition is taken when its former owner has
   * left it, and one's own are left when everything received is settled, so that the order of a key survives
   * the handover. A quorum queue goes on counting a consumer whose node was killed, as one that waits, until
   * that node is back (3.10.8: rabbit_fifo.erl, `{down, Pid, noconnection}`): so nobody is waited for where
   * there is nobody else, and for 5 s otherwise.
   *
   * @returns whether it now has all that is its own
   * @throws Gone when the subscription is no more
   */
  async balance(mode: 'consuming' | 'paused'): Promise<boolean> {
    try {
      const share = await this.#group.share(this.#channels.control);
      if (share.join() !== this.#share.join()) {
        await this.#intake.stop();
        if (this.unsettled > 0) return false;
        await this.#intake.release();
        this.#share = share;
        this.#shareSinceMs = performance.now();
      }
      if (mode === 'paused') await this.#intake.stop();
      else {
        const { window } = this.#plan;
        await Promise.all(
          share.map((partition, index) =>
            this.#intake.take(partition, prefetchOf(index, share.length, window), this.#patience),
          ),
        );
      }
      return mode === 'paused' || this.#intake.open === share.length;
    } catch (error) {
      throw gone(this.#plan.subscription, error);
    }
  }

  get #patience(): Patience {
    const { size } = this.#plan.place;
    const isOver = size === 1 || performance.now() - this.#shareSinceMs > HANDOVER_PATIENCE_MS;
    return isOver ? 'over' : 'for its former owner';
  }

  /** Lets go of its partitions and its place, when everything that was settled is known to the server. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    // where it fails, the connection went first: the server has taken back what was not settled
    if (!this.ended) await this.#intake.close().catch(() => undefined);
    await this.#channels.close();
    this.#intake.end();
  }

  /** The channels have ended. */
  #end(): void {
    this.#intake.end();
    if (!this.#closing) this.#plan.onEnd();
  }
}

/**
 * The part of the window that falls to one of a consumer's partitions. A limit over all of a channel's
 * consumers (`global`) would be simpler; quorum queues and streams refuse it. A window below the number of
 * partitions is one message a partition for the server, and the consumer keeps the surplus back from the
 * handler.
 */
function prefetchOf(index: number, partitions: number, window: number): number {
  return Math.max(1, Math.floor(window / partitions) + (index < window % partitions ? 1 : 0));
}

function gone({ topic, name }: Subscription, error: unknown): unknown {
  return isGone(error) ? new Gone(`the subscription ${name} of ${topic} is gone`) : error;
}
