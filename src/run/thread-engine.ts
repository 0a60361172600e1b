import { Worker } from 'node:worker_threads';
import { threadUrl } from '../clock/index.ts';
import { toPlainError, type Assignment, type Order, type Report } from './protocol.ts';

/** An agent, wherever it runs. Disposing it ends it, also in the middle of its work. */
export interface RemoteAgent extends AsyncDisposable {
  readonly assignment: Assignment;
  order(order: Order): void;
}

/** Starts agents; `onReport` also gets the failure of an agent that died. */
export interface Engine {
  start(assignment: Assignment, onReport: (report: Report) => void): RemoteAgent;
}

/** Runs every agent in a worker thread of this process. */
export const threadEngine: Engine = {
  start(assignment, onReport) {
    const thread = new Worker(threadUrl('agent-thread', import.meta.url), {
      workerData: assignment,
      name: assignment.agent,
    });
    thread.on('message', onReport);
    thread.on('error', (error) => onReport({ type: 'failed', error: toPlainError(error) }));
    thread.on('exit', (code) => {
      if (code !== 0) {
        const error = toPlainError(new Error(`${assignment.agent} ended with code ${code}`));
        onReport({ type: 'failed', error });
      }
    });
    return {
      assignment,
      order: (order) => thread.postMessage(order),
      [Symbol.asyncDispose]: async () => {
        thread.removeAllListeners('exit');
        await thread.terminate();
      },
    };
  },
};
