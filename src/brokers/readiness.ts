import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../user-error.ts';
import type { BrokerDefinition, Site } from './broker.ts';
import { lastLines, logSince } from './log.ts';

const pollMs = 100;
const logLines = 15;

export interface Waiting {
  readonly definition: BrokerDefinition;
  /** of the node that is waited for */
  readonly site: Site;
  /** size of the log when this start began: what an earlier start logged says nothing about this one */
  readonly logStartBytes: number;
  /** how many nodes must run and know one another */
  readonly nodes: number;
  readonly timeoutSeconds: number;
  isAlive(): Promise<boolean>;
}

/**
 * Waits for every node, and returns the version of the first. The others are not waited for once one has failed.
 * @throws {UserError} as `untilReady` does
 */
export async function allReady(waitings: readonly Waiting[], signal: AbortSignal): Promise<string> {
  const end = new AbortController();
  const either = AbortSignal.any([signal, end.signal]);
  const nodes = waitings.map(async (waiting) => untilReady(waiting, either));
  try {
    const [version = 'unknown'] = await Promise.all(nodes);
    return version;
  } finally {
    end.abort();
    await Promise.allSettled(nodes);
  }
}

/**
 * Waits until a node serves clients as a member of its cluster, and returns its version.
 * @throws {UserError} `brokers.died` or `brokers.not-ready` (exit code 3) with the end of the node's log
 */
export async function untilReady(waiting: Waiting, signal: AbortSignal): Promise<string> {
  const { definition, site, nodes } = waiting;
  const endsAtMs = Date.now() + waiting.timeoutSeconds * 1000;
  for (;;) {
    signal.throwIfAborted();
    // looked at before the probe: what has died by then has written all it will write
    const alive = await waiting.isAlive();
    const log = await logSince(site.logFile, waiting.logStartBytes);
    const version = await definition.native.ready({ ports: site.ports, log, nodes, signal });
    if (alive && version !== undefined) return version;
    if (!alive) throw failure(waiting, 'died', 'ended before it was ready', log);
    if (Date.now() > endsAtMs) {
      throw failure(waiting, 'not-ready', `was not ready within ${waiting.timeoutSeconds} s`, log);
    }
    await sleep(pollMs, undefined, { signal });
  }
}

function failure(
  { definition, site }: Waiting,
  what: 'died' | 'not-ready',
  text: string,
  log: string,
): UserError {
  const who = site.everyNode.length === 1 ? definition.title : `${definition.title} node ${site.node}`;
  const said = lastLines(log, logLines);
  const ending = said === '' ? 'it logged nothing' : `the end of its log:\n${said}`;
  return new UserError(`${who} ${text}; ${ending}\nwhole log: ${site.logFile}`, {
    code: `brokers.${what}`,
    exitCode: 3,
    hint:
      what === 'died'
        ? 'mend what the log says, or use another --provider'
        : 'give it longer with --timeout, or mend what the log says',
  });
}
