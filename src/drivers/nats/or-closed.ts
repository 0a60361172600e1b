import type { NatsConnection } from '@nats-io/transport-node';

/**
 * Waits for an answer of the server, or for the end of the connection, which is no failure: what was under way has
 * ended with it. The client leaves such an answer open for ever when its connection ends, and rejects it when that
 * has ended already.
 */
export async function orClosed(nc: NatsConnection, answer: () => Promise<void>): Promise<void> {
  if (nc.isClosed()) return;
  try {
    await Promise.race([answer(), nc.closed()]);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ClosedConnectionError')) throw error;
  }
}
