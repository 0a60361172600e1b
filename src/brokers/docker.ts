import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { UserError } from '../user-error.ts';
import type { BrokerDefinition, Check, Ports } from './broker.ts';
import { compose, engineVersion, findCompose } from './compose.ts';
import { lastLines } from './log.ts';
import { requireFreePorts, shiftedPorts } from './ports.ts';
import { findProgram, runProgram } from './program.ts';
import type { BrokerProvider, StartOrder } from './provider.ts';
import { brokerNamed } from './registry.ts';
import { writeState } from './state.ts';
import type { BrokerState } from './state.ts';

const pollMs = 500;
const logLines = 15;

/** Brokers as containers of docker/compose.yaml, with the readiness that its health checks tell. */
export const dockerProvider: BrokerProvider = {
  check,
  start,
  isAlive: async (state) => (await containerState(serviceOf(state)))?.running === true,
  stop: async (state) => void (await compose(['stop', '--timeout', '20', serviceOf(state)])),
  deleteData: async (state) => void (await compose(['rm', '--stop', '--force', '-v', serviceOf(state)])),
  pause: async (state) => void (await compose(['pause', serviceOf(state)])),
  resume: async (state) => void (await compose(['unpause', serviceOf(state)])),
  kill,
};

async function check(definition: BrokerDefinition): Promise<Check> {
  const engine = await engineVersion();
  if (engine === undefined) {
    return {
      usable: false,
      detail: 'no Docker engine answers',
      remedy: 'start Docker (docker version shows a Server)',
    };
  }
  if ((await findCompose()) === undefined) {
    return {
      usable: false,
      detail: `Docker ${engine}, no Compose`,
      remedy: 'install the Docker Compose plugin',
    };
  }
  const { service, version } = definition.docker;
  return { usable: true, detail: `Docker ${engine}, image ${service} ${version}` };
}

async function start(order: StartOrder): Promise<BrokerState> {
  const { definition, portOffset, progress } = order;
  const { service, version, published } = definition.docker;
  const all = shiftedPorts(definition.defaultPorts, portOffset);
  const ports = Object.fromEntries(published.map((use) => [use, all[use] ?? 0]));
  await requireFreePorts(definition.title, ports);
  const state: BrokerState = {
    broker: definition.name,
    provider: 'docker',
    phase: 'starting',
    version,
    portOffset,
    nodes: [{ phase: 'started', instance: service, ports }],
    connection: definition.connection(ports),
    startedAt: new Date().toISOString(),
  };
  await writeState(definition.name, state);
  progress.onProgress(
    `starting the container of ${definition.title} (its image is pulled at the first time)`,
  );
  try {
    const environment = composeEnvironment(service, ports);
    await compose(['up', '--detach', service], { environment, signal: progress.signal });
    await untilHealthy(order);
  } catch (error) {
    await kill(state);
    throw error;
  }
  const running: BrokerState = { ...state, phase: 'running' };
  await writeState(definition.name, running);
  return running;
}

/** `compose kill` fails when the container does not run, which is what it is asked for. */
async function kill(state: BrokerState): Promise<void> {
  if ((await containerState(serviceOf(state)))?.running === true) await compose(['kill', serviceOf(state)]);
}

/** Host ports of docker/compose.yaml: MQBENCH_KAFKA_BROKER_PORT, MQBENCH_RABBITMQ_MANAGEMENT_PORT … */
function composeEnvironment(service: string, ports: Ports): Record<string, string> {
  const entries = Object.entries(ports).map(([use, port]) => [
    `MQBENCH_${service}_${use}_PORT`.toUpperCase(),
    String(port),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** Polls, since the older Compose has no `up --wait`. */
async function untilHealthy(order: StartOrder): Promise<void> {
  const { definition, readyTimeoutSeconds, progress } = order;
  const endsAtMs = Date.now() + readyTimeoutSeconds * 1000;
  for (;;) {
    progress.signal.throwIfAborted();
    const now = await containerState(definition.docker.service);
    if (now?.running === true && now.health === 'healthy') return;
    if (now?.running !== true) throw await failure(definition, 'died', 'ended before it was ready');
    if (Date.now() > endsAtMs) {
      throw await failure(definition, 'not-ready', `was not ready within ${readyTimeoutSeconds} s`);
    }
    await sleep(pollMs, undefined, { signal: progress.signal });
  }
}

async function failure(definition: BrokerDefinition, what: string, text: string): Promise<UserError> {
  const log = await compose(['logs', '--no-color', '--tail', String(logLines), definition.docker.service]);
  return new UserError(`${definition.title} ${text}; the end of its log:\n${lastLines(log, logLines)}`, {
    code: `brokers.${what}`,
    exitCode: 3,
    hint: 'mend what the log says, or give it longer with --timeout',
  });
}

interface ContainerState {
  readonly running: boolean;
  readonly health: string | undefined;
}

const inspected = z.tuple([
  z.object({
    State: z.object({ Running: z.boolean(), Health: z.object({ Status: z.string() }).optional() }),
  }),
]);

/** The container of a service, or undefined where there is none. */
async function containerState(service: string): Promise<ContainerState | undefined> {
  const docker = await findProgram('docker');
  // without the engine no container of ours can run
  if (docker === undefined || (await engineVersion()) === undefined) return undefined;
  const id = (await compose(['ps', '--all', '--quiet', service])).trim();
  if (id === '') return undefined;
  const { exitCode, stdout } = await runProgram(docker, ['inspect', id]);
  if (exitCode !== 0) return undefined;
  const [{ State }] = inspected.parse(JSON.parse(stdout));
  return { running: State.Running, health: State.Health?.Status };
}

function serviceOf(state: BrokerState): string {
  return brokerNamed(state.broker).docker.service;
}
