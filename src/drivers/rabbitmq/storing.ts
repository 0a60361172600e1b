import { UserError } from '../../user-error.ts';
import { within } from '../within.ts';
import type { RabbitmqConfig } from './config.ts';
import { Connection, type Tenant } from './connection.ts';
import { endpointsOf } from './endpoint.ts';
import { blockedFailure } from './failure.ts';

/** How long it may take: an alarm of the server may hold it up, and be over soon. */
const PATIENCE_MS = 10_000;

/** A message of mqbench's own, that a topology needs. */
export interface OwnMessage {
  readonly queue: string;
  readonly content: string;
}

/**
 * Stores messages of mqbench's own. On a connection of its own: an alarm blocks the one that publishes, and on
 * the control connection the topology could then not even be deleted.
 *
 * @throws UserError when there is no broker, or it does not store them within 10 s, such as while an alarm is on
 */
export async function store(
  messages: readonly OwnMessage[],
  config: RabbitmqConfig,
  signal: AbortSignal,
): Promise<void> {
  if (messages.length === 0) return;
  let blocked: string | undefined;
  let refused: Error | undefined;
  const tenant: Tenant = {
    attach: async (model) => {
      const channel = await model.createConfirmChannel();
      channel.on('error', (error) => {
        refused = error;
      });
      for (const { queue, content } of messages) {
        channel.sendToQueue(queue, Buffer.from(content), { persistent: true });
      }
      try {
        await within(PATIENCE_MS, channel.waitForConfirms(), `storing ${messages.length} messages`);
      } catch (error) {
        throw refused ?? notStored(error, blocked, config);
      }
      if (refused !== undefined) throw refused;
    },
    blocked: (reason) => {
      blocked = reason;
    },
    // once attached, it has done what it is there for
    lost: () => undefined,
  };
  await using _connection = await Connection.open(config, tenant, signal);
}

function notStored(cause: unknown, blocked: string | undefined, { url }: RabbitmqConfig): UserError {
  const address = endpointsOf(url)
    .map((endpoint) => endpoint.address)
    .join(', ');
  if (blocked !== undefined) return blockedFailure(blocked, address);
  return new UserError(`RabbitMQ at ${address} did not store a message: ${String(cause)}`, {
    code: 'driver.silent',
    exitCode: 3,
    hint: 'it may be short of memory or disk: see its log; npx mqbench status',
    cause,
  });
}
