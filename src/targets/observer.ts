import { observeBroker, type RunningBroker } from '../brokers/index.ts';
import { probeFsync } from '../canary/index.ts';
import type { BrokerObserver } from '../run/index.ts';
import type { Target } from '../scenario/index.ts';
import { runningBrokerOf } from './running-broker.ts';

const FSYNC_PROBE_SECONDS = 1;

/** Sees the brokers that `mqbench up` has running, for the targets that point at them. */
export function brokerObserver(
  targets: readonly Target[],
  running: readonly RunningBroker[],
): BrokerObserver {
  const brokerOf = (name: string): RunningBroker | undefined => {
    const target = targets.find((each) => each.name === name);
    return target === undefined ? undefined : runningBrokerOf(target, running);
  };
  return {
    async watch(name) {
      const broker = brokerOf(name);
      if (broker === undefined) return async () => undefined;
      const before = await observeBroker(broker);
      return async () => {
        const after = await observeBroker(broker);
        if (before === undefined || after === undefined) return undefined;
        return {
          cpuSeconds: after.cpuSeconds - before.cpuSeconds,
          rssBytes: after.rssBytes,
          diskBytes: after.diskBytes - before.diskBytes,
        };
      };
    },
    nodesHere: (name) => brokerOf(name)?.nodes.length,
    async probeFsync(name) {
      const directory = brokerOf(name)?.nodes[0]?.dataDir;
      return directory === undefined ? undefined : probeFsync(directory, FSYNC_PROBE_SECONDS);
    },
  };
}
