import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { runningBrokers } from '../../src/brokers/index.ts';
import type { RunningBroker } from '../../src/brokers/index.ts';
import { ContractRefused, driverNamed } from '../../src/drivers/index.ts';
import type { AnyDriver } from '../../src/drivers/index.ts';
import { BUILT_IN_TARGETS, resolveTargets, startEmbedded } from '../../src/targets/index.ts';
import { contractSuite, Matrix } from './contract-suite.ts';
import { restart } from './fixtures/running.ts';
import type { JudgedTarget } from './contract-suite.ts';

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

const isRequired = process.env['MQBENCH_LIVE'] === 'require';
const only = process.env['MQBENCH_TARGET']?.split(',');
const running = await runningBrokers();
const nobodysPort = await freePort();
const matrix = new Matrix();
const names = BUILT_IN_TARGETS.map(({ name }) => name).filter((name) => only?.includes(name) ?? true);

for (const name of names) {
  const builtIn = BUILT_IN_TARGETS.find((target) => target.name === name);
  const driver = builtIn === undefined ? undefined : driverNamed(builtIn.driver);
  const trait = builtIn === undefined ? undefined : traits[builtIn.driver];
  const broker = running.find((each) => each.name === builtIn?.broker);
  if (driver === undefined || trait === undefined) unavailable(name, 'its driver is not registered');
  else if (builtIn?.broker !== undefined && broker === undefined) {
    unavailable(name, `${builtIn.broker} is not running (npx mqbench up ${builtIn.broker})`);
  } else contractSuite({ ...(await suiteTarget(name, driver, broker)), ...trait }, matrix);
}

after(async () => {
  process.stdout.write(`\n${matrix.toString()}\n\n`);
  const page = process.env['MQBENCH_MATRIX'];
  if (page !== undefined) await writeFile(page, matrix.toMarkdown());
});

function unavailable(name: string, reason: string): void {
  test(`driver contract: ${name}`, (t) => {
    if (isRequired) throw new Error(`${name} is required (MQBENCH_LIVE=require): ${reason}`);
    t.skip(reason);
  });
}

async function suiteTarget(
  name: string,
  driver: AnyDriver,
  broker: RunningBroker | undefined,
): Promise<Omit<JudgedTarget, keyof (typeof traits)[string]>> {
  const embedded = await startEmbedded(
    resolveTargets([name], { configured: [], configure: () => [], running }),
  );
  after(() => embedded[Symbol.asyncDispose]());
  const config = embedded.targets[0]?.config ?? {};
  return {
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
    connectToNobody: () => driver.connect(withPort(config, nobodysPort), new AbortController().signal),
    restart: broker === undefined ? undefined : () => restart(broker.name),
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
