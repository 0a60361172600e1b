import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { UserError } from '../user-error.ts';
import type { Launch, Site } from './broker.ts';
import { sizeOfFile } from './log.ts';
import { requireFreePorts, shiftedPorts } from './ports.ts';
import { instanceVariable, killGroup, signalGroup, stopGroup } from './process-group.ts';
import type { ProcessGroup } from './process-group.ts';
import { identify, isAlive } from './process.ts';
import type { BrokerProvider, StartOrder } from './provider.ts';
import { untilReady } from './readiness.ts';
import { createSite, logFileOf, siteOf } from './site.ts';
import { writeState } from './state.ts';
import type { BrokerState } from './state.ts';

/** How long a broker may take to stop in order. */
const stopPatienceMs = 20_000;

/** Brokers as processes of this machine, detached, so that they outlive the command that started them. */
export const nativeProvider: BrokerProvider = {
  check: async (definition) => definition.native.check(),
  start,
  isAlive: async (state) => state.leader !== undefined && isAlive(state.leader),
  stop: async (state) => stopGroup(groupOf(state), stopPatienceMs),
  deleteData: async () => undefined,
  pause: async (state) => void (await signalGroup(groupOf(state), 'SIGSTOP')),
  resume: async (state) => void (await signalGroup(groupOf(state), 'SIGCONT')),
  kill: async (state) => killGroup(groupOf(state)),
};

/** The process group that a state speaks of. */
export function groupOf(state: BrokerState): ProcessGroup {
  // without a leader nothing was started, and no process has an identity like this
  const leader = state.leader ?? { pid: 0, startTime: '', bootId: '' };
  return { leader, instance: state.instance };
}

async function start(order: StartOrder): Promise<BrokerState> {
  const { definition, portOffset, progress } = order;
  const ports = shiftedPorts(definition.defaultPorts, portOffset);
  const site = siteOf(definition.name, ports);
  await requireFreePorts(definition.title, ports);
  await createSite(site);
  const launch = await definition.native.prepare(site, progress);
  progress.signal.throwIfAborted();
  progress.onProgress(`starting ${definition.title}`);
  const logStartBytes = await sizeOfFile(logFileOf(definition.name));
  const state = await launchDetached(order, site, launch);
  try {
    const version = await untilReady({
      definition,
      ports,
      logFile: logFileOf(definition.name),
      logStartBytes,
      timeoutSeconds: order.readyTimeoutSeconds,
      signal: progress.signal,
      isAlive: async () => nativeProvider.isAlive(state),
    });
    const running: BrokerState = { ...state, version, phase: 'running' };
    await writeState(definition.name, running);
    return running;
  } catch (error) {
    await killGroup(groupOf(state));
    throw error;
  }
}

/** Starts the process in a session of its own and writes down which one it is. */
async function launchDetached(order: StartOrder, site: Site, launch: Launch): Promise<BrokerState> {
  const { definition, portOffset } = order;
  const instance = randomUUID();
  await using log = await open(logFileOf(definition.name), 'a');
  const child = spawn(launch.file, launch.args, {
    cwd: site.directory,
    detached: true,
    env: { ...launch.environment, [instanceVariable]: instance },
    stdio: ['ignore', log.fd, log.fd],
  });
  const pid = await pidOf(child, launch.file);
  child.unref();
  const leader = await identify(pid);
  const state: BrokerState = {
    broker: definition.name,
    provider: 'native',
    phase: 'starting',
    version: 'unknown',
    ...(leader === undefined ? {} : { leader }),
    instance,
    portOffset,
    ports: { ...site.ports },
    connection: definition.connection(site.ports),
    startedAt: new Date().toISOString(),
  };
  await writeState(definition.name, state);
  return state;
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
