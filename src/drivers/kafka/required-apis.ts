import { UserError } from '../../user-error.ts';
import type { KafkaClient } from './client.ts';

/**
 * No contract asks for a newer broker than its client does: idempotence, headers and the settings of a topic
 * are all in Kafka 0.11.
 * @throws {UserError} where the broker is too old for the client
 */
export function requireApis(
  { info, requires }: Pick<KafkaClient, 'info' | 'requires'>,
  apis: ReadonlyMap<number, number>,
  brokers: readonly string[],
): void {
  for (const { name, key, version, since } of requires) {
    const found = apis.get(key) ?? -1;
    if (found >= version) continue;
    const has = found < 0 ? `has no ${name} that it tells of` : `has ${name} up to version ${found}`;
    throw new UserError(
      `kafka at ${brokers.join(', ')} is too old for ${info.name}: it ${has}, ${version} is needed`,
      {
        code: 'kafka.too-old',
        exitCode: 3,
        hint: `use Kafka ${since} or later, or the target kafka-kafkajs`,
      },
    );
  }
}
