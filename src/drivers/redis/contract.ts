import type { Contract } from '../../scenario/index.ts';
import { ContractRefused } from '../errors.ts';
import type { RedisConfig } from './config.ts';

/** What the server says of how it stores: CONFIG GET appendonly appendfsync. */
export interface Persistence {
  readonly appendonly: string;
  readonly appendfsync: string;
}

export interface Realisation {
  readonly effective: Contract;
  readonly relation: 'exact' | 'exceeds';
}

/** Why none of the replicated contracts is to be had, and why no message is recognised by its id. */
const REFUSALS: Partial<Record<Contract, readonly [reason: string, hint: string]>> = {
  'replicated-acked': [
    'this driver does not send WAIT, without which Redis acknowledges before a replica has the message',
    'fsynced-acked is the strongest contract of this driver',
  ],
  'replicated-fsynced-acked': [
    'this driver does not send WAITAOF (Redis 7.2), without which Redis acknowledges before a replica has the message',
    'fsynced-acked is the strongest contract of this driver',
  ],
  'effectively-once': [
    'this driver does not use IDMP (Redis 8.6), without which a message that is sent again is stored again',
    'use fsynced-acked, and recognise duplicates in the consumer',
  ],
};

/** @throws ContractRefused for what no server can make this driver give */
export function refuseUnknown(contract: Contract): void {
  const refusal = REFUSALS[contract];
  if (refusal !== undefined) throw new ContractRefused(contract, ...refusal);
}

/**
 * The appendfsync that a contract takes. Redis writes to the append-only file before it replies, whatever the
 * setting: `everysec` survives a killed process, but not a power failure, of which it may lose about the last
 * second; `always` calls fdatasync before the reply too. Seen with strace on 7.0.15: `write(….aof)`,
 * `fdatasync(….aof)`, `write(socket)`; with everysec the fdatasync comes later, from another thread.
 */
export function wantedFsync(contract: Contract): 'always' | 'everysec' {
  return contract === 'fsynced-acked' ? 'always' : 'everysec';
}

/** Whether the driver changes the server's setting for the contract. */
export function mustSet(contract: Contract, config: RedisConfig, found: Persistence): 'set' | 'keep' {
  const differs = found.appendonly === 'yes' && found.appendfsync !== wantedFsync(contract);
  return config.appendfsync === 'set' && differs ? 'set' : 'keep';
}

/**
 * What a contract comes to on a server that stores like this.
 * @throws ContractRefused where nothing of at least that strength can be had
 */
export function realise(contract: Contract, { appendonly, appendfsync }: Persistence): Realisation {
  refuseUnknown(contract);
  const flushes = appendonly === 'yes' && appendfsync === 'always';
  if (contract === 'fsynced-acked' && !flushes) {
    throw new ContractRefused(
      contract,
      `the server acknowledges before it flushes (appendonly ${appendonly}, appendfsync ${appendfsync})`,
      appendonly === 'yes'
        ? "configure it with appendfsync always, or let the driver do so: appendfsync: set in the target's config"
        : 'configure it with appendonly yes and appendfsync always',
    );
  }
  if (contract === 'leader-acked' && flushes) return { effective: 'fsynced-acked', relation: 'exceeds' };
  return { effective: contract, relation: 'exact' };
}
