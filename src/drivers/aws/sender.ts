import { createHash, randomUUID } from 'node:crypto';
import type { OutgoingMessage, Producer } from '../driver.ts';
import type { Batching } from '../../scenario/index.ts';
import { SendError } from '../errors.ts';
import { type BatchAnswer, Lane } from './lane.ts';
import { contentOf, type Counting, type FifoIdentity, fifoIdentity } from './message.ts';
import type { QueueKind } from './names.ts';

/** An entry of SendMessageBatch, and of PublishBatch but for the name of its body. */
export interface WireEntry extends Partial<FifoIdentity> {
  readonly Id: string;
  readonly body: string;
  readonly MessageAttributes: ReturnType<typeof contentOf>['attributes'];
}

export interface SenderOptions {
  readonly kind: QueueKind;
  readonly batching: Batching;
  readonly sends: number;
  readonly counting: Counting;
  readonly request: (entries: readonly WireEntry[]) => Promise<BatchAnswer>;
}

/**
 * A producer of SQS or SNS. On a FIFO queue the order is that in which requests arrive, so that the messages
 * of a key go through one lane, which has one request under way; on a standard queue there is one lane.
 */
export class Sender implements Producer {
  readonly #options: SenderOptions;
  readonly #lanes: readonly Lane[];
  #closed = false;

  constructor(options: SenderOptions) {
    const { kind, sends, batching, counting } = options;
    this.#options = options;
    this.#lanes = Array.from(
      { length: kind === 'fifo' ? sends : 1 },
      () =>
        new Lane({
          batching,
          counting,
          requests: kind === 'fifo' ? 1 : sends,
          request: (entries) =>
            options.request(entries.map(({ id, message }) => this.#wireEntry(id, message))),
        }),
    );
  }

  send(message: OutgoingMessage): Promise<void> {
    if (this.#closed) return Promise.reject(new SendError('failed', 'the producer is closed'));
    // drawn here, so that an attempt of the SDK's bears the identity of the first
    const identified = { ...message, id: message.id ?? randomUUID() };
    const lane = this.#lanes[this.#laneOf(identified)];
    if (lane === undefined) throw new Error('a sender has at least one lane');
    return lane.send(identified);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }

  #laneOf({ key, id = '' }: OutgoingMessage): number {
    if (this.#lanes.length === 1) return 0;
    return (
      createHash('md5')
        .update(key ?? id)
        .digest()
        .readUInt32LE(0) % this.#lanes.length
    );
  }

  #wireEntry(id: string, message: OutgoingMessage): WireEntry {
    const { body, attributes } = contentOf(message);
    const identity = this.#options.kind === 'fifo' ? fifoIdentity(message.key, message.id ?? '') : undefined;
    return { Id: id, body, MessageAttributes: attributes, ...identity };
  }
}
