import type { z } from 'zod';
import type { Contract } from '../scenario/index.ts';
import type { Capabilities, ClientInfo, Driver, DriverModule, ServerFacts } from './driver.ts';
import { kafkaDriver } from './kafka/index.ts';
import { memoryDriver } from './memory/index.ts';
import { pulsarDriver } from './pulsar/index.ts';
import { natsDriver } from './nats/index.ts';
import { rabbitmqDriver } from './rabbitmq/index.ts';
import { redisDriver } from './redis/index.ts';
import { snsDriver } from './sns/index.ts';
import { sqsDriver } from './sqs/index.ts';

/** A driver with its configuration's type forgotten: what the rest of mqbench handles. */
export interface AnyDriver {
  readonly name: string;
  readonly configSchema: z.ZodType;
  /** The configuration may be any input of the schema; throws a ZodError for one that is not. */
  capabilities(config: unknown): Capabilities;
  promise(contract: Contract, config: unknown, server: ServerFacts): Contract;
  loadClient(config: unknown): Promise<ClientInfo>;
  connect(config: unknown, signal: AbortSignal): Promise<Driver>;
}

function anyDriver<C>(module: DriverModule<C>): AnyDriver {
  return {
    name: module.name,
    configSchema: module.configSchema,
    capabilities: (config) => module.capabilities(module.configSchema.parse(config)),
    promise: (contract, config, server) =>
      module.promise(contract, module.configSchema.parse(config), server),
    loadClient: async (config) => module.loadClient(module.configSchema.parse(config)),
    connect: (config, signal) => module.connect(module.configSchema.parse(config), signal),
  };
}

/** One entry a driver; nothing else in mqbench names them. */
export const DRIVERS: readonly AnyDriver[] = [
  anyDriver(memoryDriver),
  anyDriver(kafkaDriver),
  anyDriver(pulsarDriver),
  anyDriver(rabbitmqDriver),
  anyDriver(natsDriver),
  anyDriver(redisDriver),
  anyDriver(sqsDriver),
  anyDriver(snsDriver),
];

export function driverNamed(name: string): AnyDriver | undefined {
  return DRIVERS.find((driver) => driver.name === name);
}
