import { Worker } from 'node:worker_threads';
import { threadUrl } from '../clock/index.ts';
import { atMost } from './at-most.ts';
import type { Engine } from './engine.ts';
import { toPlainError, type Order } from './protocol.ts';

/** How long an agent may take to let go of what it has open; its thread is ended then. */
const LEAVE_WITHIN_MS = 10_000;

/** Runs every agent in a worker thread of this process. */
export const threadEngine: Engine = {
  start(assignment, onReport) {
    const thread = new Worker(threadUrl('agent-thread', import.meta.url), {
      workerData: assignment,
      name: assignment.agent,
    });
    thread.on('message', onReport);
    thread.on('error', (error) => onReport({ type: 'failed', error: toPlainError(error) }));
    let isExpected = false;
    const exited = new Promise<void>((resolve) => {
      thread.on('exit', (code) => {
        resolve();
        if (code === 0 || isExpected) return;
        const error = toPlainError(new Error(`${assignment.agent} ended with code ${code}`));
        onReport({ type: 'failed', error });
      });
    });
    return {
      assignment,
      order: (order) => thread.postMessage(order),
      [Symbol.asyncDispose]: async () => {
        isExpected = true;
        thread.postMessage({ type: 'leave' } satisfies Order);
        await atMost(LEAVE_WITHIN_MS, exited);
        await thread.terminate();
      },
    };
  },
};
