import { UserError } from '../user-error.ts';
import type { DriverConfig, Progress, RunningBroker } from './broker.ts';
import { countOfNodes } from './cluster.ts';
import { brokerNamed } from './registry.ts';
import { fetchToxiproxy, NetworkPath, ToxiproxyServer } from './toxiproxy/index.ts';

/** A broker whose clients go through a proxy that can be slow and be cut. Disposing it takes the proxy away. */
export interface ProxiedBroker extends AsyncDisposable {
  /** what clients have to be configured with */
  readonly config: DriverConfig;
  readonly network: Pick<NetworkPath, 'slow' | 'cut'>;
}

/**
 * Why no proxy can be put before a broker; undefined where it can, and Toxiproxy is there to do it.
 * @param config of a driver that speaks to the broker
 */
export async function proxyObjection(
  broker: RunningBroker,
  config: DriverConfig,
  progress: Progress,
): Promise<string | undefined> {
  const [node, ...others] = broker.nodes;
  if (broker.provider !== 'native') return 'its broker is in a container; start it with --provider native';
  if (node === undefined || others.length > 0) {
    return `its ${countOfNodes(broker.nodes.length)} send clients from one to another, past a proxy; use one node`;
  }
  const { to, at } = brokerNamed(broker.name).detour(config);
  if ([to, at].some((use) => use !== undefined && node.ports[use] === undefined)) {
    return `another version of mqbench started its broker, with no port for it; mqbench down ${broker.name}, then up`;
  }
  try {
    await fetchToxiproxy(progress);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [error.message, error.hint].join('; ');
  }
}

/** @throws {UserError} exit code 3 where the proxy cannot be started */
export async function putProxyBefore(
  broker: RunningBroker,
  config: DriverConfig,
  progress: Progress,
): Promise<ProxiedBroker> {
  const detour = brokerNamed(broker.name).detour(config);
  const ports = broker.nodes[0]?.ports ?? {};
  const portOf = (use: string): number => {
    const port = ports[use];
    if (port === undefined) throw new Error(`${broker.name} has no port ${use}`);
    return port;
  };
  const server = await ToxiproxyServer.start(await fetchToxiproxy(progress));
  try {
    const at = detour.at === undefined ? 0 : portOf(detour.at);
    const network = await NetworkPath.lay(server, portOf(detour.to), at);
    return {
      config: { ...config, ...detour.connection(network.port) },
      network,
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}
