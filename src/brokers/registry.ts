import { UserError } from '../user-error.ts';
import { didYouMean } from '../yaml/index.ts';
import type { BrokerDefinition, BrokerName } from './broker.ts';
import { elasticmq } from './elasticmq/index.ts';
import { kafka } from './kafka/index.ts';
import { nats } from './nats/index.ts';
import { pulsar } from './pulsar/index.ts';
import { rabbitmq } from './rabbitmq/index.ts';
import { redis } from './redis/index.ts';

/** Every broker that mqbench can start. Adding one is an entry here and a folder beside this file. */
const definitions = { elasticmq, kafka, nats, pulsar, rabbitmq, redis } satisfies Record<
  BrokerName,
  BrokerDefinition
>;

export const brokerNames = Object.keys(definitions) as readonly BrokerName[];

export function allBrokers(): readonly BrokerDefinition[] {
  return Object.values(definitions);
}

/**
 * The definition of a broker by its name.
 * @throws {UserError} `brokers.unknown` (exit code 2), with the nearest name
 */
export function brokerNamed(name: string): BrokerDefinition {
  const definition = allBrokers().find((each) => each.name === name);
  if (definition !== undefined) return definition;
  throw new UserError(`unknown broker "${name}"${didYouMean(name, brokerNames)}`, {
    code: 'brokers.unknown',
    exitCode: 2,
    hint: `mqbench can start: ${brokerNames.join(', ')}`,
  });
}
