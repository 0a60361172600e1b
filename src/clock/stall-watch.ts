import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { threadUrl } from './thread-url.ts';

/** A span in which a thread that wanted to run did not, in time of the host's monotonic clock. */
export interface Stall {
  readonly fromNs: number;
  readonly toNs: number;
}

/**
 * Watches whether the machine itself stands still, as virtual machines on a busy host do: threads that only
 * sleep, one a CPU, note when they are woken more than a millisecond late. They do nothing that could hold
 * themselves up, so what they see is not the doing of this process's own work, its event loops or its garbage
 * collection. The idea is that of jHiccup (https://www.azul.com/jhiccup/).
 */
export class StallWatch implements AsyncDisposable {
  readonly #threads: readonly Worker[];
  readonly #stop: Int32Array;

  private constructor(threads: readonly Worker[], stop: Int32Array) {
    this.#threads = threads;
    this.#stop = stop;
  }

  static async start(): Promise<StallWatch> {
    const shared = new SharedArrayBuffer(4);
    const threads = Array.from(
      { length: availableParallelism() },
      () => new Worker(threadUrl('stall-watch-thread', import.meta.url), { workerData: shared }),
    );
    await Promise.all(threads.map((thread) => once(thread, 'message')));
    return new StallWatch(threads, new Int32Array(shared));
  }

  /** Ends the watch; the stalls that any of the threads saw, in no order. */
  async stop(): Promise<readonly Stall[]> {
    const seen = this.#threads.map(async (thread) => (await once(thread, 'message')) as [readonly Stall[]]);
    Atomics.store(this.#stop, 0, 1);
    Atomics.notify(this.#stop, 0);
    return (await Promise.all(seen)).flatMap(([stalls]) => stalls);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }
}
