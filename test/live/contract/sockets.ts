import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

/** TCP sockets that this thread has open. */
export function sockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
}

/** Resolves when no more than these are open; a socket leaves the list after its close event, which nobody else can await. */
export async function socketsAtMost(most: number, patienceMs: number): Promise<void> {
  for (let waitedMs = 0; sockets() > most && waitedMs < patienceMs; waitedMs += 10) await sleep(10);
  assert.ok(sockets() <= most, `${sockets()} sockets are open, ${most} at most were expected`);
}
