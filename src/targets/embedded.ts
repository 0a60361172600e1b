import { FauxqsBroker, MemoryBroker } from '../brokers/index.ts';
import type { Target } from '../scenario/index.ts';

/** Targets whose embedded brokers are running; disposing it stops those. */
export interface EmbeddedTargets extends AsyncDisposable {
  readonly targets: readonly Target[];
}

/** Starts the embedded brokers that targets want, one of each kind, and points the targets at them. */
export async function startEmbedded(targets: readonly Target[]): Promise<EmbeddedTargets> {
  const brokers: AsyncDisposable[] = [];
  const stop = async (): Promise<void> => {
    for (const broker of brokers.splice(0)) await broker[Symbol.asyncDispose]();
  };
  let pointed = targets;
  for (const { wants, start } of EMBEDDED) {
    if (!pointed.some(wants)) continue;
    const { broker, config } = await start().catch(async (error: unknown) => {
      await stop();
      throw error;
    });
    brokers.push(broker);
    pointed = pointed.map((target) =>
      wants(target) ? { ...target, config: { ...target.config, ...config } } : target,
    );
  }
  return { targets: pointed, [Symbol.asyncDispose]: stop };
}

/** Whether the broker of a target lives in mqbench, and only as long as a campaign. */
export function isEmbedded(target: Target): boolean {
  return EMBEDDED.some(({ wants }) => wants(target));
}

interface Embedded {
  readonly wants: (target: Target) => boolean;
  readonly start: () => Promise<{
    readonly broker: AsyncDisposable;
    readonly config: Target['config'];
  }>;
}

const EMBEDDED: readonly Embedded[] = [
  {
    wants: ({ driver, config }) => driver === 'memory' && !config['port'],
    start: async () => {
      const broker = await MemoryBroker.start();
      return { broker, config: { port: broker.port } };
    },
  },
  {
    // a region alone is AWS itself (src/drivers/aws/place.ts)
    wants: ({ driver, config }) =>
      (driver === 'sqs' || driver === 'sns') &&
      config['endpoint'] === undefined &&
      config['region'] === undefined,
    start: async () => {
      const broker = await FauxqsBroker.start();
      const endpoint = `http://127.0.0.1:${broker.port}`;
      return { broker, config: { endpoint, emulatorVersion: broker.version } };
    },
  },
];
