import { MemoryBroker } from '../brokers/index.ts';
import type { Target } from '../scenario/index.ts';

/** Targets whose embedded brokers are running; disposing it stops those. */
export interface EmbeddedTargets extends AsyncDisposable {
  readonly targets: readonly Target[];
}

/** Starts the memory broker where a target wants it, and points the target at it. */
export async function startEmbedded(targets: readonly Target[]): Promise<EmbeddedTargets> {
  const wants = (target: Target): boolean => target.driver === 'memory' && !target.config['port'];
  if (!targets.some(wants)) return { targets, [Symbol.asyncDispose]: async () => {} };
  const broker = await MemoryBroker.start();
  return {
    targets: targets.map((target) =>
      wants(target) ? { ...target, config: { ...target.config, port: broker.port } } : target,
    ),
    [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose](),
  };
}
