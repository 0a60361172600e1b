import { Batcher, type Pending } from '../batcher.ts';
import type { OutgoingMessage } from '../driver.ts';
import type { Batching } from '../../scenario/index.ts';
import { entryError, type EntryFailure, sendError } from './failure.ts';
import { SendError } from '../errors.ts';
import { countedBytes, type Counting, MAX_BYTES } from './message.ts';
import type { Waiting } from './waiting.ts';

/** Of SendMessageBatch, PublishBatch, DeleteMessageBatch, ChangeMessageVisibilityBatch and ReceiveMessage. */
export const MAX_ENTRIES = 10;

export interface LaneOptions {
  readonly batching: Batching;
  /** under way at once */
  readonly requests: number;
  readonly counting: Counting;
  readonly waiting: Waiting;
  readonly request: (entries: readonly Entry[]) => Promise<BatchAnswer>;
}

interface Entry {
  /** of the entry within its batch */
  readonly id: string;
  readonly message: OutgoingMessage;
}

/** What SQS and SNS answer to a batch. */
export interface BatchAnswer {
  readonly Successful?: readonly { readonly Id?: string | undefined }[] | undefined;
  readonly Failed?: readonly (EntryFailure & { readonly Id?: string | undefined })[] | undefined;
}

/**
 * Sends messages in batches of at most ten and 1 MiB. What comes while as many requests as allowed are under
 * way waits, and leaves in fuller batches.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #batcher: Batcher;
  #underWay = 0;
  #idle: (() => void)[] = [];

  constructor(options: LaneOptions) {
    this.#options = options;
    const { maxBatchMessages, ...rest } = options.batching;
    const batching = { ...rest, maxBatchMessages: Math.min(maxBatchMessages, MAX_ENTRIES) };
    this.#batcher = new Batcher(batching, (batch) => {
      options.waiting.add(batch);
      this.#next();
    });
  }

  send(message: OutgoingMessage): Promise<void> {
    const bytes = countedBytes(message, this.#options.counting);
    if (bytes > MAX_BYTES) {
      const text = `the message counts ${bytes} bytes, and the maximum is ${MAX_BYTES}`;
      return Promise.reject(new SendError('refused', text));
    }
    return this.#batcher.add(message);
  }

  async close(): Promise<void> {
    this.#batcher.flush();
    if (this.#underWay > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #next(): void {
    const { waiting, requests } = this.#options;
    while (this.#underWay < requests) {
      const batch = waiting.take(this.#fitting());
      if (batch.length === 0) return;
      this.#underWay++;
      this.#send(batch).then(
        () => this.#sent(batch),
        (error: unknown) => {
          throw error;
        },
      );
    }
  }

  #sent(batch: readonly Pending[]): void {
    this.#underWay--;
    this.#options.waiting.answered(batch);
    this.#next();
    if (this.#underWay > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Whether one more goes into a batch; the first always does. */
  #fitting(): (pending: Pending) => boolean {
    const { batching, counting } = this.#options;
    const most = Math.min(batching.maxBatchMessages, MAX_ENTRIES);
    let [messages, payloadBytes, bytes] = [0, 0, 0];
    return ({ message }) => {
      messages++;
      payloadBytes += message.payload.length;
      bytes += countedBytes(message, counting);
      if (messages === 1) return true;
      return messages <= most && payloadBytes <= batching.maxBatchBytes && bytes <= MAX_BYTES;
    };
  }

  /** Settles each message by itself. Never rejects. */
  async #send(batch: readonly Pending[]): Promise<void> {
    const entries = batch.map(({ message }, index) => ({ id: String(index), message }));
    let answer: BatchAnswer;
    try {
      answer = await this.#options.request(entries);
    } catch (error) {
      const failure = sendError(error);
      for (const { reject } of batch) reject(failure);
      return;
    }
    const failed = new Map(answer.Failed?.map((entry) => [entry.Id, entry]));
    const successful = new Set(answer.Successful?.map(({ Id }) => Id));
    for (const [index, { resolve, reject }] of batch.entries()) {
      const failure = failed.get(String(index));
      if (failure !== undefined) reject(entryError(failure));
      else if (successful.has(String(index))) resolve();
      else reject(new SendError('unknown', 'the answer to the batch does not name this message'));
    }
  }
}
