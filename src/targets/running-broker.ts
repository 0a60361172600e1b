import type { RunningBroker } from '../brokers/index.ts';
import type { Target } from '../scenario/index.ts';

/** The broker that `mqbench up` has running and the target points at; undefined where there is none. */
export function runningBrokerOf(
  target: Target,
  running: readonly RunningBroker[],
): RunningBroker | undefined {
  return running.find((broker) => pointsAt(target, broker));
}

function pointsAt(target: Target, broker: RunningBroker): boolean {
  const connection = Object.entries(broker.connection);
  return (
    target.driver === broker.driver &&
    connection.every(([key, value]) => JSON.stringify(target.config[key]) === JSON.stringify(value))
  );
}
