import { once } from 'node:events';
import type { Channel, ChannelModel } from 'amqplib';

/** The channels of one session. They end together: the server closes one for a mistake, and all that is left is to begin anew. */
export class Channels {
  readonly model: ChannelModel;
  /** everything but deliveries and their settlements, so that no answer waits behind deliveries */
  readonly control: Channel;
  readonly #onEnd: () => void;
  readonly #open = new Set<Channel>();
  #isOver = false;

  /** @param onEnd called once, when one has ended that was not closed here, and with it all the others */
  static async open(model: ChannelModel, onEnd: () => void): Promise<Channels> {
    return new Channels(model, await model.createChannel(), onEnd);
  }

  private constructor(model: ChannelModel, control: Channel, onEnd: () => void) {
    this.model = model;
    this.control = control;
    this.#onEnd = onEnd;
    this.#watch(control);
  }

  /** Whether they have ended, or are being closed. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** A channel for deliveries and their settlements. */
  async openDeliveries(): Promise<Channel> {
    return this.#watch(await this.model.createChannel());
  }

  /** Closes it alone. What was received on it and is not settled goes back to the head of its queue, in its order. */
  async closeDeliveries(channel: Channel): Promise<void> {
    this.#open.delete(channel);
    await closed(channel);
  }

  /** Closes all, without waiting for settlements. Never rejects. */
  async close(): Promise<void> {
    this.#isOver = true;
    const open = [...this.#open];
    this.#open.clear();
    // one that is not open any more has nothing left to close, and says so
    await Promise.allSettled(open.map(closed));
  }

  #watch(channel: Channel): Channel {
    this.#open.add(channel);
    channel.on('error', () => {
      // its end says enough: whether the topic is gone is seen when a session begins anew
    });
    channel.on('close', () => {
      if (!this.#open.delete(channel) || this.#isOver) return;
      // one that stayed open would keep the consumer on the roster
      this.close().then(this.#onEnd, this.#onEnd);
    });
    return channel;
  }
}

/** Closes a channel. amqplib never answers where the connection ends meanwhile; but it tells the channel. */
async function closed(channel: Channel): Promise<void> {
  await Promise.race([once(channel, 'close'), channel.close()]);
}
