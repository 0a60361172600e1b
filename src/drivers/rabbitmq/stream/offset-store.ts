import type { ChannelModel, ConfirmChannel } from 'amqplib';
import type { Subscription } from '../../driver.ts';
import type { RabbitmqConfig } from '../config.ts';
import { Connection, type Tenant } from '../connection.ts';
import { offsetsName } from '../names.ts';

const CONFIRM_PATIENCE_MS = 5_000;

/**
 * Stores the offsets of one consumer, on a connection of its own: short of memory or disk, the server reads no
 * more from a connection that has published, and with the offsets it would hold back the acknowledgements.
 */
export class OffsetStore implements Tenant, AsyncDisposable {
  readonly #subscription: Subscription;
  #connection: Connection | undefined;
  #channel: ConfirmChannel | undefined;

  private constructor(subscription: Subscription) {
    this.#subscription = subscription;
  }

  /** @throws UserError when there is no broker */
  static async open(
    subscription: Subscription,
    config: RabbitmqConfig,
    signal: AbortSignal,
  ): Promise<OffsetStore> {
    const store = new OffsetStore(subscription);
    store.#connection = await Connection.open(config, store, signal);
    return store;
  }

  async attach(model: ChannelModel): Promise<void> {
    const channel = await model.createConfirmChannel();
    let failure: Error | undefined;
    // what was under way hears of it by its callback
    channel.on('error', (error) => {
      failure ??= error;
    });
    channel.on('close', () => {
      if (this.#channel === channel) this.#channel = undefined;
      this.#connection?.renew(model);
    });
    if (failure !== undefined) throw failure;
    this.#channel = channel;
  }

  lost(error: Error): void {
    // attach never says Gone, so that this connection is never given up
    throw error;
  }

  /** @returns whether it is stored; see readOffset for what a failure means */
  store(partition: number, next: number): Promise<boolean> {
    const channel = this.#channel;
    if (channel === undefined) return Promise.resolve(false);
    const stream = offsetsName(this.#subscription, partition);
    return new Promise((resolve) => {
      // a confirm may be missing for ever after a change of the leader: see RabbitmqProducer
      setTimeout(resolve, CONFIRM_PATIENCE_MS, false).unref();
      try {
        channel.sendToQueue(stream, Buffer.from(String(next)), {}, (error: Error | null) =>
          resolve(error === null),
        );
      } catch (error) {
        // amqplib throws on a channel that is closing
        if (!(error instanceof Error) || error.name !== 'IllegalOperationError') throw error;
        resolve(false);
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection?.[Symbol.asyncDispose]();
  }
}
