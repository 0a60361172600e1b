import { UserError } from '../../user-error.ts';
import type { TopicSpec } from '../driver.ts';
import { within } from '../within.ts';
import type { RabbitmqConfig } from './config.ts';
import { Connection, type Tenant } from './connection.ts';
import { endpointsOf } from './endpoint.ts';
import { blockedFailure } from './failure.ts';
import { partitionsName } from './names.ts';

/** How long the note may take: an alarm of the server may hold it up, and be over soon. */
const PATIENCE_MS = 10_000;

/**
 * Fills the queue by which others learn the number of partitions, see `partitionsName`. On a connection of its
 * own: an alarm blocks the one that publishes, and on the control connection the topology could then not even
 * be deleted.
 *
 * @throws UserError when there is no broker, or it stores nothing for 10 s, such as while an alarm is on
 */
export async function notePartitions(
  { name, partitions }: TopicSpec,
  config: RabbitmqConfig,
  signal: AbortSignal,
): Promise<void> {
  let blocked: string | undefined;
  let refused: Error | undefined;
  const note: Tenant = {
    attach: async (model) => {
      const channel = await model.createConfirmChannel();
      channel.on('error', (error) => {
        refused = error;
      });
      for (let partition = 0; partition < partitions; partition++) {
        channel.sendToQueue(partitionsName(name), Buffer.from(String(partition)), { persistent: true });
      }
      const stored = channel.waitForConfirms();
      try {
        await within(PATIENCE_MS, stored, 'storing the number of partitions');
      } catch (error) {
        throw refused ?? silent(error);
      }
    },
    blocked: (reason) => {
      blocked = reason;
    },
    // once attached, it has done what it is there for
    lost: () => undefined,
  };
  const address = endpointsOf(config.url)
    .map(({ address: one }) => one)
    .join(', ');
  const silent = (cause: unknown): UserError =>
    blocked === undefined
      ? new UserError(`RabbitMQ at ${address} did not store a message: ${String(cause)}`, {
          code: 'driver.silent',
          exitCode: 3,
          hint: 'see its log; npx mqbench status',
          cause,
        })
      : blockedFailure(blocked, address);
  await using _connection = await Connection.open(config, note, signal);
}
