import { Agent } from './agent.ts';
import { toPlainError, type Assignment, type Order, type Report } from './protocol.ts';

/** An agent as a process of its own, told what to do by the one that forked it. */
const send = process.send?.bind(process);
if (send === undefined) throw new Error('an agent process must be forked');
let agent: Agent | undefined;

const report = (message: Report): void => {
  send(message, () => {
    // as by a power cut: nothing is closed, and nobody told
    if (message.type === 'crashed') process.kill(process.pid, 'SIGKILL');
  });
};
const fail = (error: unknown): void => report({ type: 'failed', error: toPlainError(error) });

// Ctrl-C reaches every process of a terminal; this one is told by its parent what to do then
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());
process.on('message', (message: Order | { readonly type: 'assignment'; readonly assignment: Assignment }) => {
  if (message.type === 'assignment') {
    agent = new Agent(message.assignment, report);
    agent.open().catch(fail);
    return;
  }
  const isLast = message.type === 'finish' || message.type === 'leave';
  agent
    ?.follow(message)
    .catch(fail)
    .finally(() => {
      if (isLast) process.disconnect();
    });
});
