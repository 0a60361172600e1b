import { UserError } from '../user-error.ts';
import type { BrokerDefinition, Provider } from './broker.ts';
import { allBrokers } from './registry.ts';

/** Two copies cannot outvote a third that is away; with more than three nodes nothing else is promised. */
const clusterNodes = 3;

/**
 * Makes sure that a broker can be that many nodes.
 * @throws {UserError} exit code 2 where it cannot
 */
export function requireNodes(
  { title, cluster }: BrokerDefinition,
  { nodes = 1, provider }: { readonly nodes?: number | undefined; readonly provider?: Provider | undefined },
): void {
  if (nodes === 1) return;
  if (cluster === undefined) {
    throw new UserError(`${title} can be started as one node only`, {
      code: 'brokers.no-cluster',
      exitCode: 2,
      hint: `leave --nodes out; a cluster of several can be: ${clusterNames().join(', ')}`,
    });
  }
  if (nodes !== clusterNodes) {
    throw new UserError(`${title} cannot be started with ${nodes} nodes`, {
      code: 'brokers.nodes',
      exitCode: 2,
      hint: `use --nodes 1, or --nodes ${clusterNodes}, which is what the replicated contracts need`,
    });
  }
  if (provider === 'docker') {
    throw new UserError(`provider docker starts one node of ${title}, not ${nodes}`, {
      code: 'brokers.cluster-native-only',
      exitCode: 2,
      hint: 'use --provider native for a cluster',
    });
  }
}

function clusterNames(): readonly string[] {
  return allBrokers()
    .filter(({ cluster }) => cluster !== undefined)
    .map(({ name }) => name);
}

/** `1 node`, `3 nodes` */
export function countOfNodes(count: number): string {
  return count === 1 ? '1 node' : `${count} nodes`;
}
