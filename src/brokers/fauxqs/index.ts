import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { threadUrl } from '../../clock/index.ts';

/** fauxqs, an emulator of SQS and SNS, in a thread of its own, so that it shares no event loop with its clients. */
export class FauxqsBroker implements AsyncDisposable {
  readonly port: number;
  readonly version: string;
  readonly #thread: Worker;

  private constructor(thread: Worker, { port, version }: Ready) {
    this.#thread = thread;
    this.port = port;
    this.version = version;
  }

  static async start(): Promise<FauxqsBroker> {
    const thread = new Worker(threadUrl('thread', import.meta.url));
    const [ready] = (await once(thread, 'message')) as [Ready];
    return new FauxqsBroker(thread, ready);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exit = once(this.#thread, 'exit');
    this.#thread.postMessage('stop');
    await exit;
  }
}

/** What the thread says when it serves. */
export interface Ready {
  readonly port: number;
  readonly version: string;
}
