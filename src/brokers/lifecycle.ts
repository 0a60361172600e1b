import { rm } from 'node:fs/promises';
import { UserError } from '../user-error.ts';
import type { BrokerDefinition, Progress, Provider, RunningBroker } from './broker.ts';
import { countOfNodes, requireNodes } from './cluster.ts';
import { BrokerLock } from './lock.ts';
import { startNode } from './native.ts';
import { chooseProvider, providers } from './providers.ts';
import { brokerNamed } from './registry.ts';
import { describe, isRunning, nodeNumbered, notRunning, requireRunning } from './running.ts';
import { deleteSites, sitesOfState } from './site.ts';
import { readState, writeState } from './state.ts';
import type { BrokerState } from './state.ts';

const defaultReadyTimeoutSeconds = 90;

export interface StartOptions extends Progress {
  /** undefined: native where it can run, else docker */
  provider?: Provider | undefined;
  /** moves every port up by this; undefined: 0, or that of the broker that already runs */
  portOffset?: number | undefined;
  /** 1, or 3 for a cluster; undefined: 1, or those of the broker that already runs */
  nodes?: number | undefined;
  readyTimeoutSeconds?: number | undefined;
}

export interface StopOptions {
  data: 'delete' | 'keep';
}

/**
 * Starts a broker and waits until it serves clients; one that already runs is returned as it is, or woken where a
 * fault that was cut off has left it paused. Data that was kept is used again, everything else that an earlier start
 * left is deleted first.
 * @throws {UserError} exit code 2 for an unknown name or offset; 3 where the broker cannot run or start
 */
export async function startBroker(name: string, options: StartOptions): Promise<RunningBroker> {
  const definition = brokerNamed(name);
  requireNodes(definition, options);
  options.signal.throwIfAborted();
  await using _lock = await BrokerLock.acquire(definition.name);
  const state = await readState(definition.name);
  if (state !== undefined && (await isRunning(state))) {
    return await alreadyRunning(definition, state, options);
  }
  const kept = state?.phase === 'kept' ? state : undefined;
  const nodes = options.nodes ?? kept?.nodes.length ?? 1;
  const asked = options.provider ?? kept?.provider;
  const provider = await chooseProvider(definition, nodes > 1 ? 'native' : asked);
  if (kept !== undefined && (kept.provider !== provider || kept.nodes.length !== nodes)) {
    throw keptElsewhere(definition, kept);
  }
  if (state !== undefined) await providers[state.provider].kill(state);
  if (kept === undefined) await deleteRemains(definition, state);
  const portOffset = options.portOffset ?? kept?.portOffset ?? 0;
  return await start({ definition, provider, portOffset, nodes }, options);
}

/**
 * Starts a broker that was killed or has died, on the same data and ports.
 * @throws {UserError} exit code 3 when there is none to start again, or when it does not start
 */
export async function restartBroker(name: string, signal: AbortSignal): Promise<RunningBroker> {
  const definition = brokerNamed(name);
  signal.throwIfAborted();
  await using _lock = await BrokerLock.acquire(definition.name);
  const state = await readState(definition.name);
  if (state === undefined || state.phase === 'failed') throw notRunning(definition);
  // a helper that outlived it would hold its ports
  await providers[state.provider].stop(state);
  const { provider, portOffset, nodes } = state;
  const what = { definition, provider, portOffset, nodes: nodes.length };
  return await start(what, { signal, onProgress: () => undefined });
}

/**
 * Starts a node that was killed or has died, by its number from 1, on the same data and ports, while the others
 * run. Resolves when it is a member again.
 * @throws {UserError} exit code 2 where there is no such node; 3 when none runs, or when it does not start
 */
export async function restartNode(name: string, node: number, signal: AbortSignal): Promise<RunningBroker> {
  const { broker } = await requireRunning(name);
  await using _lock = await BrokerLock.acquire(broker);
  const state = await requireRunning(name);
  nodeNumbered(state, node);
  const definition = brokerNamed(broker);
  const progress = { signal, onProgress: () => undefined };
  const order = { definition, readyTimeoutSeconds: defaultReadyTimeoutSeconds, progress };
  return await describe(await startNode(state, node, order));
}

/** Stops a broker and deletes what it left, also when it is no longer running. */
export async function stopBroker(name: string, options: StopOptions): Promise<'stopped' | 'not running'> {
  const definition = brokerNamed(name);
  await using _lock = await BrokerLock.acquire(definition.name);
  const state = await readState(definition.name);
  const wasAlive = state !== undefined && (await providers[state.provider].isAlive(state));
  if (state !== undefined) await providers[state.provider].stop(state);
  if (options.data === 'delete') await deleteRemains(definition, state);
  else if (state !== undefined) await writeState(definition.name, { ...state, phase: 'kept' });
  return wasAlive ? 'stopped' : 'not running';
}

interface What {
  readonly definition: BrokerDefinition;
  readonly provider: Provider;
  readonly portOffset: number;
  readonly nodes: number;
}

/** A start that fails leaves the data it found as it was, or else nothing but its logs. */
async function start(what: What, options: StartOptions): Promise<RunningBroker> {
  const { definition, provider, portOffset, nodes } = what;
  const { readyTimeoutSeconds = defaultReadyTimeoutSeconds, signal } = options;
  const before = await readState(definition.name);
  try {
    const order = { definition, portOffset, nodes, readyTimeoutSeconds, progress: options };
    return await describe(await providers[provider].start(order));
  } catch (error) {
    if (before !== undefined) await writeState(definition.name, { ...before, phase: 'kept' });
    else await tidyFailedStart(definition, signal);
    throw error;
  }
}

async function tidyFailedStart(definition: BrokerDefinition, signal: AbortSignal): Promise<void> {
  const state = await readState(definition.name);
  if (state === undefined || signal.aborted) return deleteRemains(definition, state);
  await providers[state.provider].deleteData(state);
  for (const { dataDir } of sitesOfState(state)) {
    await rm(dataDir, { recursive: true, force: true });
  }
  await writeState(definition.name, { ...state, phase: 'failed' });
}

async function deleteRemains(definition: BrokerDefinition, state: BrokerState | undefined): Promise<void> {
  if (state !== undefined) await providers[state.provider].deleteData(state);
  await deleteSites(definition.name);
}

async function alreadyRunning(
  definition: BrokerDefinition,
  state: BrokerState,
  options: StartOptions,
): Promise<RunningBroker> {
  const runs = state.nodes.length;
  const { provider = state.provider, portOffset = state.portOffset, nodes = runs } = options;
  if (provider !== state.provider || portOffset !== state.portOffset || nodes !== runs) {
    throw new UserError(
      `${definition.title} already runs with ${countOfNodes(runs)}, provider ${state.provider} and port offset ${state.portOffset}`,
      {
        code: 'brokers.runs-otherwise',
        exitCode: 3,
        hint: `use it as it is, or stop it first: mqbench down ${definition.name}`,
      },
    );
  }
  options.onProgress(`${definition.title} is already running`);
  const broker = await describe(state);
  if (!broker.nodes.some(({ condition }) => condition === 'paused')) return broker;
  await providers[state.provider].resume(state);
  return describe(state);
}

function keptElsewhere(definition: BrokerDefinition, kept: BrokerState): UserError {
  const { provider, nodes } = kept;
  return new UserError(
    `the data that was kept for ${definition.title} is of ${countOfNodes(nodes.length)} and of provider ${provider}`,
    {
      code: 'brokers.kept-elsewhere',
      exitCode: 3,
      hint: `use it with --provider ${provider} --nodes ${nodes.length}, or delete it with: mqbench down ${definition.name}`,
    },
  );
}
