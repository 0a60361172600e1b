import { BrokerLock } from './lock.ts';
import { providers } from './providers.ts';
import { requireNode, requireRunning } from './running.ts';
import { only, writeState } from './state.ts';
import type { BrokerState, NodeState } from './state.ts';

/** Freezes a running broker: its connections stay open and nothing answers. Resume it, or `down` it. */
export async function pauseBroker(name: string): Promise<void> {
  const state = await requireRunning(name);
  await providers[state.provider].pause(state);
}

export async function resumeBroker(name: string): Promise<void> {
  const state = await requireRunning(name);
  await providers[state.provider].resume(state);
}

/** Ends a running broker at once, as a power cut would. Its data and state stay, for restartBroker. */
export async function killBroker(name: string): Promise<void> {
  const { broker } = await requireRunning(name);
  await using _lock = await BrokerLock.acquire(broker);
  const state = await requireRunning(name);
  await kill(state, ...state.nodes);
}

/** Ends one node of a running broker at once, as a power cut of its machine would. See restartNode. */
export async function killNode(name: string, node: number): Promise<void> {
  const { broker } = await requireRunning(name);
  await using _lock = await BrokerLock.acquire(broker);
  const state = await requireRunning(name);
  await kill(state, await requireNode(state, node));
}

async function kill(state: BrokerState, ...victims: readonly NodeState[]): Promise<void> {
  await providers[state.provider].kill(only(state, ...victims));
  const nodes = state.nodes.map((node): NodeState =>
    victims.includes(node) ? { ...node, phase: 'killed' } : node,
  );
  const phase = nodes.every((node) => node.phase === 'killed') ? 'killed' : state.phase;
  await writeState(state.broker, { ...state, nodes, phase });
}
