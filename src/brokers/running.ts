import { UserError } from '../user-error.ts';
import type { BrokerDefinition, BrokerName, RunningBroker } from './broker.ts';
import { providers } from './providers.ts';
import { allBrokers, brokerNamed } from './registry.ts';
import { logFileOf, siteOf } from './site.ts';
import { readState } from './state.ts';
import type { BrokerState } from './state.ts';

/** The brokers that mqbench started and that are alive now. What has died is left for its log. */
export async function runningBrokers(): Promise<RunningBroker[]> {
  const found = await Promise.all(allBrokers().map(runningBroker));
  return found.filter((broker) => broker !== undefined);
}

/** A broker that is not running, and has left a folder with its log and perhaps its data. */
export interface Remains {
  readonly broker: BrokerName;
  readonly why: 'died' | 'failed to start' | 'killed by mqbench' | 'data kept';
  readonly logFile: string | undefined;
}

/** What brokers that no longer run have left; `mqbench down` deletes it. */
export async function remainsOfBrokers(): Promise<Remains[]> {
  const found = await Promise.all(allBrokers().map(remainsOf));
  return found.filter((remains) => remains !== undefined);
}

/** Whether the processes of a broker that was ready once still live. */
export async function isRunning(state: BrokerState | undefined): Promise<boolean> {
  return state?.phase === 'running' && (await providers[state.provider].isAlive(state));
}

/**
 * The state of a broker that is alive.
 * @throws {UserError} `brokers.not-running` (exit code 3)
 */
export async function requireRunning(name: string): Promise<BrokerState> {
  const definition = brokerNamed(name);
  const state = await readState(definition.name);
  if (state !== undefined && (await isRunning(state))) return state;
  throw notRunning(definition);
}

export function notRunning(definition: BrokerDefinition): UserError {
  return new UserError(`${definition.title} is not running`, {
    code: 'brokers.not-running',
    exitCode: 3,
    hint: `start it with: mqbench up ${definition.name}`,
  });
}

/** What others are told of a broker's state. */
export function describe(state: BrokerState): RunningBroker {
  const native = state.provider === 'native';
  return {
    name: state.broker,
    driver: brokerNamed(state.broker).driver ?? state.broker,
    provider: state.provider,
    version: state.version,
    pid: state.leader?.pid,
    ports: { ...state.ports },
    connection: { ...state.connection },
    dataDir: native ? siteOf(state.broker, state.ports).dataDir : undefined,
    logFile: native ? logFileOf(state.broker) : undefined,
    startedAt: state.startedAt,
  };
}

async function runningBroker(definition: BrokerDefinition): Promise<RunningBroker | undefined> {
  const state = await readState(definition.name);
  return state !== undefined && (await isRunning(state)) ? describe(state) : undefined;
}

async function remainsOf(definition: BrokerDefinition): Promise<Remains | undefined> {
  const state = await readState(definition.name);
  // one that is being started is nobody's remains
  if (state === undefined || state.phase === 'starting' || (await isRunning(state))) return undefined;
  const why = {
    running: 'died',
    failed: 'failed to start',
    killed: 'killed by mqbench',
    kept: 'data kept',
  } as const;
  return { broker: definition.name, why: why[state.phase], logFile: describe(state).logFile };
}
