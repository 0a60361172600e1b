import {
  killBroker,
  pauseBroker,
  restartBroker,
  resumeBroker,
  type RunningBroker,
} from '../brokers/index.ts';
import type { FaultInjector } from '../run/index.ts';
import type { Target } from '../scenario/index.ts';
import { runningBrokerOf } from './running-broker.ts';

/**
 * Faults of the brokers that `mqbench up` has running, for the targets that point at them.
 * @param embedded names of targets whose brokers live in mqbench
 */
export function brokerFaults(running: readonly RunningBroker[], embedded: readonly string[]): FaultInjector {
  const nameOf = (target: Target): string => {
    const broker = runningBrokerOf(target, running);
    if (broker === undefined) throw new Error(`no broker of ${target.name} runs here`);
    return broker.name;
  };
  return {
    objection(target, { kind }) {
      if (kind === 'crash-consumers' || runningBrokerOf(target, running) !== undefined) return undefined;
      return embedded.includes(target.name)
        ? 'its broker lives in mqbench and cannot fail alone'
        : 'mqbench did not start its broker; mqbench up does, or --up';
    },
    async begin(target, { kind }) {
      const name = nameOf(target);
      switch (kind) {
        case 'pause':
          await pauseBroker(name);
          return () => resumeBroker(name);
        case 'kill':
          await killBroker(name);
          return async () => {
            await restartBroker(name, new AbortController().signal);
          };
        case 'crash-consumers':
          throw new Error(`${kind} is no fault of a broker`);
      }
    },
  };
}
