import { Worker } from 'node:worker_threads';
import { threadUrl } from './thread-url.ts';

/**
 * Wakes its owner at a given time, to about 0.1 ms, without a busy loop.
 *
 * Node's timers count whole milliseconds and are late by another half of one at the median. Here a thread
 * of its own sleeps in `Atomics.wait`, which takes a fractional time-out, and then posts a message.
 */
export class Metronome implements AsyncDisposable {
  readonly #thread: Worker;
  readonly #sequence: Int32Array;
  readonly #wakeAtNs: Float64Array;

  private constructor(thread: Worker, shared: SharedArrayBuffer, onWake: () => void) {
    this.#thread = thread;
    this.#sequence = new Int32Array(shared, 0, 2);
    this.#wakeAtNs = new Float64Array(shared, 8, 1);
    thread.on('message', onWake);
  }

  static async start(onWake: () => void): Promise<Metronome> {
    const shared = new SharedArrayBuffer(16);
    const thread = new Worker(threadUrl('metronome-thread', import.meta.url), { workerData: shared });
    await new Promise<void>((resolve, reject) => {
      thread.once('message', () => resolve());
      thread.once('error', reject);
    });
    return new Metronome(thread, shared, onWake);
  }

  /** Sets the alarm, in place of an earlier one. A time that has passed wakes at once. */
  wakeAt(timeNs: number): void {
    this.#wakeAtNs[0] = timeNs;
    Atomics.add(this.#sequence, 0, 1);
    Atomics.notify(this.#sequence, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread.terminate();
  }
}
