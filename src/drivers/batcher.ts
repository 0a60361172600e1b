import type { Batching } from '../scenario/index.ts';
import type { OutgoingMessage } from './driver.ts';

/** A message that waits in a batch, and how to settle its send. */
export interface Pending {
  readonly message: OutgoingMessage;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Gathers messages for clients that make one request per call. A batch leaves when it is full (messages or
 * payload bytes) or `lingerMs` after its first message; with `lingerMs: 0`, at the end of the current turn
 * of the event loop.
 */
export class Batcher {
  readonly #batching: Batching;
  readonly #flush: (batch: Pending[]) => void;
  #batch: Pending[] = [];
  #bytes = 0;
  #cancel: (() => void) | undefined;

  /** @param flush takes over the batch: it settles each of its messages. Must not throw. */
  constructor(batching: Batching, flush: (batch: Pending[]) => void) {
    this.#batching = batching;
    this.#flush = flush;
  }

  add(message: OutgoingMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#bytes + message.payload.length > this.#batching.maxBatchBytes) this.flush();
      this.#batch.push({ message, resolve, reject });
      this.#bytes += message.payload.length;
      if (this.#batch.length >= this.#batching.maxBatchMessages) this.flush();
      else this.#cancel ??= this.#schedule();
    });
  }

  /** Sends what has been gathered now. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#batch.length === 0) return;
    const batch = this.#batch;
    this.#batch = [];
    this.#bytes = 0;
    this.#flush(batch);
  }

  #schedule(): () => void {
    const run = (): void => this.flush();
    if (this.#batching.lingerMs === 0) {
      const immediate = setImmediate(run);
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(run, this.#batching.lingerMs);
    return () => clearTimeout(timer);
  }
}
