import { BrokerLock } from './lock.ts';
import { providers } from './providers.ts';
import { requireRunning } from './running.ts';
import { writeState } from './state.ts';

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
  await providers[state.provider].kill(state);
  await writeState(broker, { ...state, phase: 'killed' });
}
