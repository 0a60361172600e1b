import type { OutgoingMessage, Producer } from '../driver.ts';
import { SendError } from '../errors.ts';
import type { Sender } from './client.ts';

export interface ProducerParts {
  readonly sender: Sender;
  readonly awaitsReceipt: boolean;
  readonly maxPayloadBytes: number;
  readonly onClosed: (producer: PulsarProducer) => void;
}

/** The client gathers batches, and sends again what it has no receipt for when it has lost its connection. */
export class PulsarProducer implements Producer {
  readonly #parts: ProducerParts;
  #underWay = 0;
  #idle: (() => void) | undefined;
  #isClosed = false;
  #closing: Promise<void> | undefined;

  constructor(parts: ProducerParts) {
    this.#parts = parts;
  }

  send(message: OutgoingMessage): Promise<void> {
    const { sender, awaitsReceipt, maxPayloadBytes } = this.#parts;
    if (this.#isClosed) return Promise.reject(new SendError('failed', 'the producer is closed'));
    if (message.payload.length > maxPayloadBytes) {
      // here rather than by the broker, whose answer would be for the whole batch
      const reason = `message of ${message.payload.length} bytes is over the limit of ${maxPayloadBytes}`;
      return Promise.reject(new SendError('refused', reason));
    }
    this.#underWay += 1;
    const sending = sender.send(message);
    sending.then(this.#settled, this.#settled);
    // without a receipt nobody is told what became of it
    return awaitsReceipt ? sending : Promise.resolve();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#underWay > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    await this.abandon();
  }

  /** Closes without waiting for the sends under way: what has no receipt is unknown. */
  abandon(): Promise<void> {
    this.#isClosed = true;
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#parts.sender.close();
    this.#parts.onClosed(this);
  }

  readonly #settled = (): void => {
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#idle?.();
  };
}
