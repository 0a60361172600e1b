import { UserError } from '../../user-error.ts';
import { within } from '../within.ts';
import type { RabbitmqConfig } from './config.ts';
import { Connection, type Tenant } from './connection.ts';

const PATIENCE_MS = 10_000;

export interface FirstMessage {
  readonly queue: string;
  readonly content: string;
}

/**
 * Stores the messages that queues begin with. On a connection of its own: short of memory or disk, the server
 * reads no more from one that has published, and the topology could then not even be deleted.
 *
 * @throws UserError when there is no broker, or it does not store them within 10 s
 */
export async function storeFirst(
  messages: readonly FirstMessage[],
  config: RabbitmqConfig,
  signal: AbortSignal,
): Promise<void> {
  if (messages.length === 0) return;
  let failure: Error | undefined;
  const tenant: Tenant = {
    attach: async (model) => {
      const channel = await model.createConfirmChannel();
      channel.on('error', (error) => {
        failure = error;
      });
      for (const { queue, content } of messages) {
        channel.sendToQueue(queue, Buffer.from(content), { persistent: true });
      }
      try {
        await within(PATIENCE_MS, channel.waitForConfirms(), 'storing the first message of each stream');
      } catch (error) {
        throw failure ?? silent(error);
      }
      if (failure !== undefined) throw failure;
    },
    // once attached, it has done what it is there for
    lost: () => undefined,
  };
  await using _connection = await Connection.open(config, tenant, signal);
}

function silent(cause: unknown): UserError {
  return new UserError(`RabbitMQ did not store a message: ${String(cause)}`, {
    code: 'driver.silent',
    exitCode: 3,
    hint: 'it may be short of memory or disk: see its log; npx mqbench status',
    cause,
  });
}
