import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../user-error.ts';
import type { BrokerDefinition, Ports } from './broker.ts';
import { lastLines, logSince } from './log.ts';

const pollMs = 100;
const logLines = 15;

export interface Waiting {
  readonly definition: BrokerDefinition;
  readonly ports: Ports;
  readonly logFile: string;
  /** size of the log when this start began: what an earlier start logged says nothing about this one */
  readonly logStartBytes: number;
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
  isAlive(): Promise<boolean>;
}

/**
 * Waits until the broker serves clients and returns its version.
 * @throws {UserError} `brokers.died` or `brokers.not-ready` (exit code 3) with the end of the broker's log
 */
export async function untilReady(waiting: Waiting): Promise<string> {
  const endsAtMs = Date.now() + waiting.timeoutSeconds * 1000;
  for (;;) {
    waiting.signal.throwIfAborted();
    // looked at before the probe: what has died by then has written all it will write
    const alive = await waiting.isAlive();
    const log = await logSince(waiting.logFile, waiting.logStartBytes);
    const { ports, signal } = waiting;
    const version = await waiting.definition.native.ready({ ports, log, signal });
    if (alive && version !== undefined) return version;
    if (!alive) throw failure(waiting, 'died', 'ended before it was ready', log);
    if (Date.now() > endsAtMs) {
      throw failure(waiting, 'not-ready', `was not ready within ${waiting.timeoutSeconds} s`, log);
    }
    await sleep(pollMs, undefined, { signal });
  }
}

function failure(waiting: Waiting, what: 'died' | 'not-ready', text: string, log: string): UserError {
  const said = lastLines(log, logLines);
  const ending = said === '' ? 'it logged nothing' : `the end of its log:\n${said}`;
  return new UserError(`${waiting.definition.title} ${text}; ${ending}\nwhole log: ${waiting.logFile}`, {
    code: `brokers.${what}`,
    exitCode: 3,
    hint:
      what === 'died'
        ? 'mend what the log says, or use another --provider'
        : 'give it longer with --timeout, or mend what the log says',
  });
}
