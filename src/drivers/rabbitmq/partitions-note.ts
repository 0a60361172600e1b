import { UserError } from '../../user-error.ts';
import type { TopicSpec } from '../driver.ts';
import { within } from '../within.ts';
import type { RabbitmqConfig } from './config.ts';
import { parseEndpoint } from './endpoint.ts';
import { blockedFailure } from './failure.ts';
import { Link } from './link.ts';
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
  const endpoint = parseEndpoint(config.url);
  if (endpoint === undefined) throw new TypeError('the configuration was not validated: its url is none');
  let blocked: string | undefined;
  const link = await Link.open(endpoint, config.heartbeatSeconds, signal, {
    onLost: () => undefined,
    onBlocked: (reason) => {
      blocked = reason;
    },
  });
  let failure: Error | undefined;
  try {
    const channel = await link.model.createConfirmChannel();
    channel.on('error', (error) => {
      failure = error;
    });
    for (let partition = 0; partition < partitions; partition++) {
      channel.sendToQueue(partitionsName(name), Buffer.from(String(partition)), { persistent: true });
    }
    await within(PATIENCE_MS, channel.waitForConfirms(), 'storing the number of partitions');
  } catch (error) {
    if (failure !== undefined) throw failure;
    if (blocked !== undefined) throw blockedFailure(blocked, endpoint);
    const what = link.isOpen ? (error instanceof Error ? error.message : String(error)) : link.trouble;
    throw new UserError(`RabbitMQ at ${endpoint.address} stored nothing: ${what}`, {
      code: 'driver.silent',
      exitCode: 3,
      hint: 'see its log; npx mqbench status',
      cause: error,
    });
  } finally {
    await link.close();
  }
}
