import { parentPort, workerData } from 'node:worker_threads';
import { Agent } from './agent.ts';
import { toPlainError, type Assignment, type Order, type Report } from './protocol.ts';

const port = parentPort;
if (port === null) throw new Error('an agent thread must be started as a worker thread');
const report = (message: Report): void => port.postMessage(message);
const fail = (error: unknown): void => report({ type: 'failed', error: toPlainError(error) });

const agent = new Agent(workerData as Assignment, report);
port.on('message', (order: Order) => {
  agent
    .follow(order)
    .then(() => {
      if (order.type === 'finish') port.close();
    }, fail)
    .finally(() => {
      if (order.type === 'leave') port.close();
    });
});
agent.open().catch(fail);
