import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../make-folder.ts';
import type { Ports, Site } from './broker.ts';
import { brokerDirectory } from './home.ts';
import type { BrokerState } from './state.ts';

/**
 * The folders of a broker's nodes, by the ports of each. A broker of one node has its state, configuration, log
 * and data in one folder; in a cluster each node has a folder of its own within that.
 */
export function sitesOf(name: string, everyNode: readonly Ports[]): readonly Site[] {
  const shared = brokerDirectory(name);
  return everyNode.map((ports, index) => {
    const node = index + 1;
    const directory = everyNode.length === 1 ? shared : join(shared, `node-${node}`);
    const logFile = join(directory, `${name}.log`);
    return { node, directory, dataDir: join(directory, 'data'), logFile, ports, shared, everyNode };
  });
}

/** Those of a broker that was started. */
export function sitesOfState({ broker, nodes }: Pick<BrokerState, 'broker' | 'nodes'>): readonly Site[] {
  return sitesOf(
    broker,
    nodes.map(({ ports }) => ports),
  );
}

export async function createSite(site: Site): Promise<void> {
  await makeFolder(site.dataDir);
}

/** Deletes a broker's folder with those of all of its nodes. */
export async function deleteSites(name: string): Promise<void> {
  await rm(brokerDirectory(name), { recursive: true, force: true });
}
