import { randomUUID } from 'node:crypto';
import type { OutgoingMessage, Producer } from '../driver.ts';
import type { Batching } from '../../scenario/index.ts';
import { SendError } from '../errors.ts';
import { type BatchAnswer, Lane } from './lane.ts';
import { contentOf, type Counting, type FifoIdentity, fifoIdentity } from './message.ts';
import type { QueueKind } from './names.ts';
import { WaitingByGroup, WaitingInLine } from './waiting.ts';
import type { Pending } from '../batcher.ts';

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
 * A producer of SQS or SNS. On a FIFO queue the order is that in which requests arrive, so that of each key one
 * request at most is under way; on a standard queue there is no order to keep.
 */
export class Sender implements Producer {
  readonly #kind: QueueKind;
  readonly #lane: Lane;
  #closed = false;

  constructor({ kind, sends, batching, counting, request }: SenderOptions) {
    this.#kind = kind;
    this.#lane = new Lane({
      batching,
      counting,
      requests: sends,
      waiting: kind === 'fifo' ? new WaitingByGroup(groupOf) : new WaitingInLine(),
      request: (entries) => request(entries.map(({ id, message }) => this.#wireEntry(id, message))),
    });
  }

  send(message: OutgoingMessage): Promise<void> {
    if (this.#closed) return Promise.reject(new SendError('failed', 'the producer is closed'));
    // drawn here, so that an attempt of the SDK's bears the identity of the first
    return this.#lane.send({ ...message, id: message.id ?? randomUUID() });
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#lane.close();
  }

  #wireEntry(id: string, message: OutgoingMessage): WireEntry {
    const { body, attributes } = contentOf(message);
    const identity = this.#kind === 'fifo' ? fifoIdentity(message.key, message.id ?? '') : undefined;
    return { Id: id, body, MessageAttributes: attributes, ...identity };
  }
}

/** As in `fifoIdentity`. */
function groupOf({ message: { key, id = '' } }: Pending): string {
  return key ?? id;
}
