import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { RunningBroker } from '../../../src/brokers/index.ts';
import { ContractRefused, driverNamed } from '../../../src/drivers/index.ts';
import type { AnyDriver } from '../../../src/drivers/index.ts';
import { BUILT_IN_TARGETS, resolveTargets, startEmbedded } from '../../../src/targets/index.ts';
import type { BuiltInTarget } from '../../../src/targets/index.ts';
import { restart } from '../fixtures/running.ts';
import type { JudgedTarget } from './suite-target.ts';

/** What the suite must know of a broker and no driver tells. */
const traits: Readonly<Record<string, Pick<JudgedTarget, 'tooLargeBytes'>>> = {
  memory: { tooLargeBytes: 16 * 1024 * 1024 + 1 },
  kafka: { tooLargeBytes: 2 * 1024 * 1024 },
  pulsar: { tooLargeBytes: 5 * 1024 * 1024 + 1 },
  nats: { tooLargeBytes: 1024 * 1024 + 1 },
  rabbitmq: { tooLargeBytes: 128 * 1024 * 1024 + 1 },
  redis: { tooLargeBytes: 512 * 1024 * 1024 + 1 },
  sqs: { tooLargeBytes: 1024 * 1024 + 1 },
  sns: { tooLargeBytes: 1024 * 1024 + 1 },
};

export type Found =
  | {
      readonly builtIn: BuiltInTarget;
      readonly driver: AnyDriver;
      readonly trait: Pick<JudgedTarget, 'tooLargeBytes'>;
    }
  | { readonly missing: string };

/** A built-in target and all it needs, or why it cannot be judged here. */
export function findTarget(name: string, running: readonly RunningBroker[]): Found {
  const builtIn = BUILT_IN_TARGETS.find((target) => target.name === name);
  const driver = builtIn === undefined ? undefined : driverNamed(builtIn.driver);
  const trait = builtIn === undefined ? undefined : traits[builtIn.driver];
  if (builtIn === undefined || driver === undefined || trait === undefined)
    return { missing: 'its driver is not registered' };
  const { broker } = builtIn;
  if (broker !== undefined && !running.some((each) => each.name === broker))
    return { missing: `${broker} is not running (npx mqbench up ${broker})` };
  return { builtIn, driver, trait };
}

/** The target, with the embedded broker that it may need; disposing stops that. */
export async function judgedTarget(
  name: string,
  running: readonly RunningBroker[],
): Promise<JudgedTarget & AsyncDisposable> {
  const found = findTarget(name, running);
  if ('missing' in found) throw new Error(`${name}: ${found.missing}`);
  const { builtIn, driver, trait } = found;
  const embedded = await startEmbedded(
    resolveTargets([name], { configured: [], configure: () => [], running }),
  );
  const config = embedded.targets[0]?.config ?? {};
  const { broker } = builtIn;
  return {
    ...trait,
    name,
    capabilities: driver.capabilities(config),
    prefix: `mqbench.suite-${randomBytes(3).toString('hex')}.${name}`,
    connect: () => driver.connect(config, new AbortController().signal),
    refuses: (contract, server) => {
      try {
        driver.promise(contract, config, server);
        return false;
      } catch (error) {
        if (error instanceof ContractRefused) return true;
        throw error;
      }
    },
    // found when it is needed: one of before may have been taken by then
    connectToNobody: async () =>
      driver.connect(withPort(config, await freePort()), new AbortController().signal),
    restart: broker === undefined ? undefined : () => restart(broker),
    [Symbol.asyncDispose]: () => embedded[Symbol.asyncDispose](),
  };
}

/** The same configuration, for a broker elsewhere. */
function withPort(config: Readonly<Record<string, unknown>>, port: number): Record<string, unknown> {
  if ('brokers' in config) return { ...config, brokers: [`127.0.0.1:${port}`] };
  if ('adminUrl' in config)
    return { ...config, serviceUrl: `pulsar://127.0.0.1:${port}`, adminUrl: `http://127.0.0.1:${port}` };
  if ('monitorUrls' in config) return { ...config, url: `nats://127.0.0.1:${port}` };
  if ('endpoint' in config) return { ...config, endpoint: `http://127.0.0.1:${port}` };
  if ('url' in config || !('port' in config)) {
    return {
      ...config,
      url: `amqp://guest:guest@127.0.0.1:${port}`,
      managementUrl: `http://127.0.0.1:${port}`,
    };
  }
  return { ...config, port };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
