import { rm } from 'node:fs/promises';
import { UserError } from '../user-error.ts';
import type { BrokerDefinition, Progress, Provider, RunningBroker } from './broker.ts';
import { BrokerLock } from './lock.ts';
import { chooseProvider, providers } from './providers.ts';
import { brokerNamed } from './registry.ts';
import { describe, isRunning, notRunning } from './running.ts';
import { deleteSite, siteOf } from './site.ts';
import { readState, writeState } from './state.ts';
import type { BrokerState } from './state.ts';

const defaultReadyTimeoutSeconds = 90;

export interface StartOptions extends Progress {
  /** undefined: native where it can run, else docker */
  provider?: Provider | undefined;
  /** moves every port up by this; undefined: 0, or that of the broker that already runs */
  portOffset?: number | undefined;
  readyTimeoutSeconds?: number | undefined;
}

export interface StopOptions {
  data: 'delete' | 'keep';
}

/**
 * Starts a broker and waits until it serves clients; one that already runs is returned as it is. Data that
 * was kept is used again, everything else that an earlier start left is deleted first.
 * @throws {UserError} exit code 2 for an unknown name or offset; 3 where the broker cannot run or start
 */
export async function startBroker(name: string, options: StartOptions): Promise<RunningBroker> {
  const definition = brokerNamed(name);
  options.signal.throwIfAborted();
  await using _lock = await BrokerLock.acquire(definition.name);
  const state = await readState(definition.name);
  if (state !== undefined && (await isRunning(state))) return alreadyRunning(definition, state, options);
  const kept = state?.phase === 'kept' ? state : undefined;
  const provider = await chooseProvider(definition, options.provider ?? kept?.provider);
  if (kept !== undefined && kept.provider !== provider) throw keptElsewhere(definition, kept);
  if (state !== undefined) await providers[state.provider].kill(state);
  if (kept === undefined) await deleteRemains(definition, state);
  return start(definition, provider, options.portOffset ?? kept?.portOffset ?? 0, options);
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
  return start(definition, state.provider, state.portOffset, { signal, onProgress: () => undefined });
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

/** A start that fails leaves the data it found as it was, or else nothing but its log. */
async function start(
  definition: BrokerDefinition,
  provider: Provider,
  portOffset: number,
  options: StartOptions,
): Promise<RunningBroker> {
  const { readyTimeoutSeconds = defaultReadyTimeoutSeconds, signal } = options;
  const before = await readState(definition.name);
  try {
    const order = { definition, portOffset, readyTimeoutSeconds, progress: options };
    return describe(await providers[provider].start(order));
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
  await rm(siteOf(definition.name, state.ports).dataDir, { recursive: true, force: true });
  await writeState(definition.name, { ...state, phase: 'failed' });
}

async function deleteRemains(definition: BrokerDefinition, state: BrokerState | undefined): Promise<void> {
  if (state !== undefined) await providers[state.provider].deleteData(state);
  await deleteSite(definition.name);
}

function alreadyRunning(
  definition: BrokerDefinition,
  state: BrokerState,
  options: StartOptions,
): RunningBroker {
  const { provider = state.provider, portOffset = state.portOffset } = options;
  if (provider !== state.provider || portOffset !== state.portOffset) {
    throw new UserError(
      `${definition.title} already runs with provider ${state.provider} and port offset ${state.portOffset}`,
      {
        code: 'brokers.runs-otherwise',
        exitCode: 3,
        hint: `use it as it is, or stop it first: mqbench down ${definition.name}`,
      },
    );
  }
  options.onProgress(`${definition.title} is already running`);
  return describe(state);
}

function keptElsewhere(definition: BrokerDefinition, kept: BrokerState): UserError {
  return new UserError(
    `the data that was kept for ${definition.title} belongs to provider ${kept.provider}`,
    {
      code: 'brokers.kept-elsewhere',
      exitCode: 3,
      hint: `use it with --provider ${kept.provider}, or delete it with: mqbench down ${definition.name}`,
    },
  );
}
