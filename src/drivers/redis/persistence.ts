import type { Contract } from '../../scenario/index.ts';
import type { RedisConfig } from './config.ts';
import type { Wire } from './connection.ts';
import { mustSet, type Persistence, wantedFsync } from './contract.ts';

/** Asks the server how it stores. */
export async function readPersistence(wire: Wire): Promise<Persistence> {
  const setting = async (name: string): Promise<string> => {
    const reply = await wire.call(['CONFIG', 'GET', name]);
    return Array.isArray(reply) ? String(reply[1]) : 'unknown';
  };
  return { appendonly: await setting('appendonly'), appendfsync: await setting('appendfsync') };
}

/**
 * Brings appendfsync in line with the contract where the driver may, and reads back what it came to. A server
 * that restarts forgets what CONFIG SET changed, so this comes again with each connection of a producer.
 */
export async function settlePersistence(
  wire: Wire,
  contract: Contract,
  config: RedisConfig,
): Promise<Persistence> {
  const found = await readPersistence(wire);
  if (mustSet(contract, config, found) === 'keep') return found;
  await setFsync(wire, wantedFsync(contract));
  return readPersistence(wire);
}

export async function setFsync(wire: Wire, appendfsync: string): Promise<void> {
  await wire.call(['CONFIG', 'SET', 'appendfsync', appendfsync]);
}
