import {
  killBroker,
  pauseBroker,
  proxyObjection,
  putProxyBefore,
  restartBroker,
  resumeBroker,
  type Progress,
  type ProxiedBroker,
  type RunningBroker,
} from '../brokers/index.ts';
import type { FaultInjector } from '../run/index.ts';
import type { Fault, Target } from '../scenario/index.ts';
import { runningBrokerOf } from './running-broker.ts';

/**
 * Faults of the brokers that `mqbench up` has running, and of the network to them, for the targets that point at them.
 * @param embedded names of targets whose brokers live in mqbench
 */
export function brokerFaults(
  running: readonly RunningBroker[],
  embedded: readonly string[],
  progress: Progress,
): FaultInjector {
  return {
    async objection(target, fault) {
      if (fault.kind === 'crash-consumers') return undefined;
      const broker = runningBrokerOf(target, running);
      if (broker !== undefined)
        return isOfNetwork(fault) ? proxyObjection(broker, target.config, progress) : undefined;
      return embedded.includes(target.name)
        ? 'its broker lives in mqbench and cannot fail alone'
        : 'mqbench did not start its broker; mqbench up does, or --up';
    },
    async prepare(target, faults) {
      const broker = runningBrokerOf(target, running);
      // a proxy takes time of each message: who does not need it goes without
      const proxied =
        broker !== undefined && faults.some(isOfNetwork)
          ? await putProxyBefore(broker, target.config, progress)
          : undefined;
      return {
        target: proxied === undefined ? target : { ...target, config: proxied.config },
        begin: async (fault) => begin(fault, target, broker, proxied),
        [Symbol.asyncDispose]: async () => proxied?.[Symbol.asyncDispose](),
      };
    },
  };
}

function isOfNetwork({ kind }: Fault): boolean {
  return kind === 'slow' || kind === 'cut';
}

async function begin(
  fault: Fault,
  target: Target,
  broker: RunningBroker | undefined,
  proxied: ProxiedBroker | undefined,
): Promise<() => Promise<void>> {
  if (broker === undefined) throw new Error(`no broker of ${target.name} runs here`);
  const { name } = broker;
  switch (fault.kind) {
    case 'pause':
      await pauseBroker(name);
      return () => resumeBroker(name);
    case 'kill':
      await killBroker(name);
      return async () => {
        await restartBroker(name, new AbortController().signal);
      };
    case 'slow':
      return networkOf(proxied).slow(fault);
    case 'cut':
      return networkOf(proxied).cut();
    case 'crash-consumers':
      throw new Error(`${fault.kind} is no fault of a broker`);
  }
}

function networkOf(proxied: ProxiedBroker | undefined): ProxiedBroker['network'] {
  if (proxied === undefined) throw new Error('no proxy was asked for');
  return proxied.network;
}
