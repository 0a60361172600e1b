import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { threadUrl } from '../../clock/index.ts';

/** The memory broker in a thread of its own, so that it shares no event loop with the clients it serves. */
export class MemoryBroker implements AsyncDisposable {
  readonly port: number;
  readonly #thread: Worker;

  private constructor(thread: Worker, port: number) {
    this.#thread = thread;
    this.port = port;
  }

  static async start(): Promise<MemoryBroker> {
    const thread = new Worker(threadUrl('thread', import.meta.url));
    const [port] = (await once(thread, 'message')) as [number];
    return new MemoryBroker(thread, port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exit = once(this.#thread, 'exit');
    this.#thread.postMessage('stop');
    await exit;
  }
}
