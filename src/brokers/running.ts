import { UserError } from '../user-error.ts';
import type { BrokerDefinition, BrokerName, RunningBroker, RunningNode } from './broker.ts';
import { BrokerLock } from './lock.ts';
import { isPaused } from './process.ts';
import { providers } from './providers.ts';
import { allBrokers, brokerNamed } from './registry.ts';
import { sitesOfState } from './site.ts';
import { only, readState } from './state.ts';
import type { BrokerState, NodeState } from './state.ts';

/** The brokers that mqbench started and that are alive now. What has died is left for its log. */
export async function runningBrokers(): Promise<RunningBroker[]> {
  const found = await Promise.all(allBrokers().map(runningBroker));
  return found.filter((broker) => broker !== undefined);
}

/** A broker that is not running, and has left a folder with its log and perhaps its data. */
export interface Remains {
  readonly broker: BrokerName;
  readonly why: 'its start was cut off' | 'died' | 'failed to start' | 'killed by mqbench' | 'data kept';
  /** one a node; none of a container */
  readonly logFiles: readonly string[];
}

/** What brokers that no longer run have left; `mqbench down` deletes it. */
export async function remainsOfBrokers(): Promise<Remains[]> {
  const found = await Promise.all(allBrokers().map(remainsOf));
  return found.filter((remains) => remains !== undefined);
}

/** Whether a broker that was ready once still lives, be it with one node only. */
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

/**
 * A node of a running broker that is alive itself, by its number from 1.
 * @throws {UserError} `brokers.no-such-node` (exit code 2) or `brokers.node-not-running` (exit code 3)
 */
export async function requireNode(state: BrokerState, number: number): Promise<NodeState> {
  const node = nodeNumbered(state, number);
  if (await providers[state.provider].isAlive(only(state, node))) return node;
  throw new UserError(`node ${number} of ${brokerNamed(state.broker).title} is not running`, {
    code: 'brokers.node-not-running',
    exitCode: 3,
    hint: 'mqbench status says which nodes run',
  });
}

/**
 * A node by its number from 1, alive or not.
 * @throws {UserError} `brokers.no-such-node` (exit code 2)
 */
export function nodeNumbered(state: BrokerState, number: number): NodeState {
  const node = state.nodes[number - 1];
  if (node !== undefined) return node;
  const count = state.nodes.length;
  throw new UserError(`${brokerNamed(state.broker).title} has no node ${number}`, {
    code: 'brokers.no-such-node',
    exitCode: 2,
    hint: count === 1 ? 'it runs as one node' : `its nodes are 1 to ${count}`,
  });
}

export function notRunning(definition: BrokerDefinition): UserError {
  return new UserError(`${definition.title} is not running`, {
    code: 'brokers.not-running',
    exitCode: 3,
    hint: `start it with: mqbench up ${definition.name}`,
  });
}

/** What others are told of a broker's state. */
export async function describe(state: BrokerState): Promise<RunningBroker> {
  return {
    name: state.broker,
    driver: brokerNamed(state.broker).driver ?? state.broker,
    provider: state.provider,
    version: state.version,
    connection: { ...state.connection },
    startedAt: state.startedAt,
    nodes: await Promise.all(state.nodes.map(async (_, index) => describeNode(state, index))),
  };
}

async function describeNode(state: BrokerState, index: number): Promise<RunningNode> {
  const node = state.nodes[index];
  const site = sitesOfState(state)[index];
  if (node === undefined || site === undefined) throw new RangeError(`node ${index + 1}`);
  const { leader, phase, ports } = node;
  const isAlive = await providers[state.provider].isAlive(only(state, node));
  const native = state.provider === 'native';
  return {
    node: site.node,
    condition: isAlive ? await conditionOf(leader) : phase === 'killed' ? 'killed by mqbench' : 'died',
    pid: leader?.pid,
    ports: { ...ports },
    dataDir: native ? site.dataDir : undefined,
    logFile: native ? site.logFile : undefined,
  };
}

async function conditionOf(leader: NodeState['leader']): Promise<'alive' | 'paused'> {
  return leader !== undefined && (await isPaused(leader)) ? 'paused' : 'alive';
}

async function runningBroker(definition: BrokerDefinition): Promise<RunningBroker | undefined> {
  const state = await readState(definition.name);
  return state !== undefined && (await isRunning(state)) ? describe(state) : undefined;
}

async function remainsOf(definition: BrokerDefinition): Promise<Remains | undefined> {
  const state = await readState(definition.name);
  if (state === undefined || (await isRunning(state))) return undefined;
  // one that is being started is nobody's remains
  if (state.phase === 'starting' && (await BrokerLock.isHeld(definition.name))) return undefined;
  const why = {
    starting: 'its start was cut off',
    running: 'died',
    failed: 'failed to start',
    killed: 'killed by mqbench',
    kept: 'data kept',
  } as const;
  const logFiles = state.provider === 'native' ? sitesOfState(state).map(({ logFile }) => logFile) : [];
  return { broker: definition.name, why: why[state.phase], logFiles };
}
