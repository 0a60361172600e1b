import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { threadUrl } from '../clock/index.ts';
import { atMost } from './at-most.ts';
import type { Engine } from './engine.ts';
import { toPlainError, type Order, type Report } from './protocol.ts';

/** How long an agent may take to let go of what it has open; its process is killed then. */
const LEAVE_WITHIN_MS = 10_000;

/** Runs every agent in a process of its own, which can die without the others. */
export const processEngine: Engine = {
  start(assignment, onReport) {
    const child = fork(fileURLToPath(threadUrl('agent-process', import.meta.url)), {
      // typed arrays arrive as such
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    let isExpected = false;
    child.on('message', (report: Report) => {
      if (report.type === 'crashed') isExpected = true;
      onReport(report);
    });
    child.on('error', (error) => onReport({ type: 'failed', error: toPlainError(error) }));
    const exited = new Promise<void>((resolve) => {
      child.on('exit', (code, signal) => {
        resolve();
        if (code === 0 || isExpected) return;
        const error = toPlainError(new Error(`${assignment.agent} ended with ${signal ?? `code ${code}`}`));
        onReport({ type: 'failed', error });
      });
    });
    const tell = (
      message: Order | { readonly type: 'assignment'; readonly assignment: typeof assignment },
    ): void => {
      if (child.connected) child.send(message);
    };
    tell({ type: 'assignment', assignment });
    return {
      assignment,
      order: tell,
      [Symbol.asyncDispose]: async () => {
        isExpected = true;
        tell({ type: 'leave' });
        await atMost(LEAVE_WITHIN_MS, exited);
        child.kill('SIGKILL');
      },
    };
  },
};
