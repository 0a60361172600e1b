import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { UserError } from '../user-error.ts';
import type { Launch, Site } from './broker.ts';
import { sizeOfFile } from './log.ts';
import { ownPorts, portsOfNodes, requireFreePorts } from './ports.ts';
import { instanceVariable, killGroup, signalGroup, stopGroup } from './process-group.ts';
import type { ProcessGroup } from './process-group.ts';
import { identify, isAlive } from './process.ts';
import type { BrokerProvider, StartOrder } from './provider.ts';
import { allReady, untilReady } from './readiness.ts';
import type { Waiting } from './readiness.ts';
import { createSite, sitesOf, sitesOfState } from './site.ts';
import { only, writeState } from './state.ts';
import type { BrokerState, NodeState } from './state.ts';

/** How long a node may take to stop in order. */
const stopPatienceMs = 20_000;

/** Brokers as processes of this machine, detached, so that they outlive the command that started them. */
export const nativeProvider: BrokerProvider = {
  check: async (definition) => definition.native.check(),
  start,
  isAlive: async ({ nodes }) => (await Promise.all(nodes.map(isNodeAlive))).some(Boolean),
  // at the same time: the last of a cluster could not say goodbye to a majority
  stop: async (state) => onGroups(state, async (group) => stopGroup(group, stopPatienceMs)),
  deleteData: async () => undefined,
  pause: async (state) => onGroups(state, async (group) => signalGroup(group, 'SIGSTOP')),
  resume: async (state) => onGroups(state, async (group) => signalGroup(group, 'SIGCONT')),
  kill: async (state) => onGroups(state, killGroup),
};

/** The process group that a node's state speaks of. */
export function groupOf({ leader, instance }: NodeState): ProcessGroup {
  // without a leader nothing was started, and no process has an identity like this
  return { leader: leader ?? { pid: 0, startTime: '', bootId: '' }, instance };
}

async function onGroups(
  { nodes }: BrokerState,
  act: (group: ProcessGroup) => Promise<unknown>,
): Promise<void> {
  await Promise.all(nodes.map(async (node) => act(groupOf(node))));
}

async function isNodeAlive({ leader }: NodeState): Promise<boolean> {
  return leader !== undefined && isAlive(leader);
}

async function start(order: StartOrder): Promise<BrokerState> {
  const { definition, portOffset, nodes, progress } = order;
  const everyNode = portsOfNodes(definition, portOffset, nodes);
  const sites = sitesOf(definition.name, everyNode);
  for (const { node, ports } of sites) {
    await requireFreePorts(definition.title, node === 1 ? ports : ownPorts(definition, ports));
  }
  const launches: { readonly site: Site; readonly launch: Launch }[] = [];
  for (const site of sites) {
    await createSite(site);
    launches.push({ site, launch: await definition.native.prepare(site, progress) });
  }
  progress.signal.throwIfAborted();
  progress.onProgress(`starting ${definition.title}${nodes === 1 ? '' : `, ${nodes} nodes`}`);
  let state: BrokerState = {
    broker: definition.name,
    provider: 'native',
    phase: 'starting',
    version: 'unknown',
    portOffset,
    nodes: [],
    connection: definition.connection(...everyNode),
    startedAt: new Date().toISOString(),
  };
  try {
    const waitings: Waiting[] = [];
    for (const { site, launch } of launches) {
      const logStartBytes = await sizeOfFile(site.logFile);
      const node = await launchDetached(site, launch);
      state = only(state, ...state.nodes, node);
      await writeState(definition.name, state);
      waitings.push(waitingFor(order, site, { node, logStartBytes, nodes }));
    }
    const version = await allReady(waitings, progress.signal);
    const running: BrokerState = { ...state, version, phase: 'running' };
    await writeState(definition.name, running);
    return running;
  } catch (error) {
    await nativeProvider.kill(state);
    throw error;
  }
}

/**
 * Starts one node of a running cluster again, on its data and ports, and waits until it is a member again.
 * @throws {UserError} exit code 3, with the end of the node's log; then it does not run
 */
export async function startNode(
  state: BrokerState,
  number: number,
  order: Omit<StartOrder, 'portOffset' | 'nodes'>,
): Promise<BrokerState> {
  const { definition, progress } = order;
  const before = state.nodes[number - 1];
  const site = sitesOfState(state)[number - 1];
  if (before === undefined || site === undefined) throw new RangeError(`node ${number}`);
  // a helper that outlived it would hold its ports
  await nativeProvider.stop(only(state, before));
  await requireFreePorts(definition.title, ownPorts(definition, site.ports));
  const launch = await definition.native.prepare(site, progress);
  progress.signal.throwIfAborted();
  const logStartBytes = await sizeOfFile(site.logFile);
  const node = await launchDetached(site, launch);
  const started = { ...state, nodes: state.nodes.with(number - 1, node) };
  await writeState(definition.name, started);
  try {
    const alive = await Promise.all(started.nodes.map(isNodeAlive));
    const nodes = alive.filter(Boolean).length;
    await untilReady(waitingFor(order, site, { node, logStartBytes, nodes }), progress.signal);
    return started;
  } catch (error) {
    await killGroup(groupOf(node));
    throw error;
  }
}

function waitingFor(
  { definition, readyTimeoutSeconds }: Pick<StartOrder, 'definition' | 'readyTimeoutSeconds'>,
  site: Site,
  { node, logStartBytes, nodes }: Pick<Waiting, 'logStartBytes' | 'nodes'> & { readonly node: NodeState },
): Waiting {
  return {
    definition,
    site,
    logStartBytes,
    nodes,
    timeoutSeconds: readyTimeoutSeconds,
    isAlive: async () => isNodeAlive(node),
  };
}

/** Starts the process in a session of its own, and says which one it is. */
async function launchDetached(site: Site, launch: Launch): Promise<NodeState> {
  const instance = randomUUID();
  await using log = await open(site.logFile, 'a');
  const child = spawn(launch.file, launch.args, {
    cwd: site.directory,
    detached: true,
    env: { ...launch.environment, [instanceVariable]: instance },
    stdio: ['ignore', log.fd, log.fd],
  });
  const pid = await pidOf(child, launch.file);
  child.unref();
  const leader = await identify(pid);
  return {
    phase: 'started',
    ...(leader === undefined ? {} : { leader }),
    instance,
    ports: { ...site.ports },
  };
}

async function pidOf(child: ReturnType<typeof spawn>, file: string): Promise<number> {
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new UserError(`cannot start ${file}: ${(error as Error).message}`, {
      code: 'brokers.spawn',
      exitCode: 3,
      hint: 'mqbench doctor says what is missing',
      cause: error,
    });
  }
  if (child.pid === undefined) throw new Error(`${file} was started and has no pid`);
  return child.pid;
}
