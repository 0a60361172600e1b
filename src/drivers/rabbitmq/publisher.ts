import { once } from 'node:events';
import type { Channel, ConfirmChannel, Message, Options } from 'amqplib';
import type { Headers } from '../driver.ts';
import { SendError } from '../errors.ts';
import type { Conduct } from './contract.ts';
import { sizeRefusal } from './failure.ts';

/**
 * One channel's worth of publishing, from its opening to its end; every send is settled by then.
 *
 * With confirms, `drain` is not awaited: what amqplib holds back is part of what the caller has under way,
 * and the caller's window bounds that. Without confirms a send is settled when it is written, and therefore
 * waits for `drain`, else nothing would bound it.
 */
export class Publisher {
  readonly #exchange: string;
  readonly #channel: Channel | ConfirmChannel;
  readonly #conduct: Conduct;
  readonly #options: Options.Publish;
  readonly #onNotStored: () => void;
  /** messages that had no queue, until their confirm, which comes after (rabbit_channel.erl) */
  readonly #returned: Message[] = [];
  #error: Error | undefined;
  #closed = false;
  #closing = false;
  #underWay = 0;
  #settled: (() => void) | undefined;
  #drained: Promise<void> | undefined;

  /**
   * @param onEnd called once, when every send is settled, unless `close` was called
   * @param onNotStored called for each message that found no queue, or that the server could not store
   */
  constructor(
    exchange: string,
    channel: Channel | ConfirmChannel,
    conduct: Conduct,
    onEnd: (error: Error | undefined) => void,
    onNotStored: () => void,
  ) {
    this.#exchange = exchange;
    this.#channel = channel;
    this.#conduct = conduct;
    this.#onNotStored = onNotStored;
    this.#options = { deliveryMode: conduct.deliveryMode, mandatory: conduct.confirms };
    channel.on('error', (error) => {
      this.#error = error;
    });
    channel.on('return', (message) => {
      this.#returned.push(message);
    });
    // amqplib's own listener, which calls back for every unconfirmed message, was there first
    channel.prependListener('close', () => {
      this.#closed = true;
    });
    channel.on('close', () => {
      if (!this.#closing) onEnd(this.#error);
    });
  }

  publish(routingKey: string, payload: Buffer, headers: Headers | undefined): Promise<void> {
    const options = headers === undefined ? this.#options : { ...this.#options, headers };
    return this.#conduct.confirms
      ? this.#publishConfirmed(routingKey, payload, options)
      : this.#publishForgotten(routingKey, payload, options);
  }

  /** Waits for the sends under way, and for the server to have taken all that was written. */
  async close(): Promise<void> {
    if (this.#underWay > 0) {
      await new Promise<void>((resolve) => {
        this.#settled = resolve;
      });
    }
    if (this.#closed) return;
    this.#closing = true;
    try {
      // answered after all that was sent before
      await this.#channel.close();
    } catch (error) {
      // it ended by itself meanwhile, which settled every send as well
      this.#error ??= error instanceof Error ? error : new Error(String(error));
    }
  }

  #publishConfirmed(routingKey: string, payload: Buffer, options: Options.Publish): Promise<void> {
    return new Promise((resolve, reject) => {
      const channel = this.#channel as ConfirmChannel;
      try {
        channel.publish(this.#exchange, routingKey, payload, options, (nack: Error | null) => {
          const failure =
            nack === null && this.#returned.length === 0
              ? undefined
              : this.#failure(nack, routingKey, payload);
          if (failure === undefined) resolve();
          else reject(failure);
          if (--this.#underWay === 0) this.#settled?.();
        });
        this.#underWay++;
      } catch (cause) {
        // amqplib throws on a channel that is closing, before it has written anything
        reject(new SendError('failed', 'the channel is closing', { cause }));
      }
    });
  }

  async #publishForgotten(routingKey: string, payload: Buffer, options: Options.Publish): Promise<void> {
    let flows: boolean;
    try {
      flows = this.#channel.publish(this.#exchange, routingKey, payload, options);
    } catch (cause) {
      throw new SendError('failed', 'the channel is closing', { cause });
    }
    if (flows) return;
    this.#underWay++;
    try {
      this.#drained ??= this.#drain();
      await this.#drained;
    } finally {
      if (--this.#underWay === 0) this.#settled?.();
    }
  }

  async #drain(): Promise<void> {
    const end = new AbortController();
    const closed = (): void => end.abort();
    this.#channel.once('close', closed);
    try {
      await once(this.#channel, 'drain', { signal: end.signal });
    } catch (cause) {
      throw new SendError('unknown', this.#error?.message ?? 'connection lost', { cause });
    } finally {
      this.#channel.off('close', closed);
      this.#drained = undefined;
    }
  }

  /** @param nack the error of amqplib's callback; null for a positive confirm */
  #failure(nack: Error | null, routingKey: string, payload: Buffer): SendError | undefined {
    if (this.#closed) return this.#lostInFlight(payload);
    const returned = this.#returned.findIndex(
      ({ fields, content }) => fields.routingKey === routingKey && content.equals(payload),
    );
    if (returned >= 0) {
      this.#returned.splice(returned, 1);
      this.#onNotStored();
      return new SendError('failed', `no queue is bound for partition ${routingKey} of ${this.#exchange}`);
    }
    if (nack === null) return undefined;
    this.#onNotStored();
    return new SendError('failed', 'the server could not store it (basic.nack)');
  }

  #lostInFlight(payload: Buffer): SendError {
    const refusal = sizeRefusal(this.#error);
    if (refusal?.sizeBytes === payload.length) {
      return new SendError(
        'refused',
        `message of ${payload.length} bytes is over the server's limit of ${refusal.maxBytes}`,
      );
    }
    return new SendError('unknown', this.#error?.message ?? 'connection lost before the confirm');
  }
}
