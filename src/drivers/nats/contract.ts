import type { Contract } from '../../scenario/index.ts';
import { ContractRefused } from '../errors.ts';
import type { ServerFacts } from '../driver.ts';

/**
 * Whether the servers call fsync for each message (`sync_interval: always`, since 2.10): each of them said so;
 * at least one did not; or nobody was asked, so that what such a server can do at most is assumed.
 */
export type Syncing = 'always' | 'not always' | 'not asked';

export interface Realisation {
  readonly effective: Contract;
  readonly relation: 'exact' | 'exceeds';
  /** the stream's num_replicas */
  readonly replicas: 1 | 3;
  /** for people: what sets it apart from the others */
  readonly conduct: Conduct;
}

/** How producers and consumers must behave; does not depend on the server. */
export interface Conduct {
  /** the producer awaits JetStream's PubAck; without, it is a publish of core NATS */
  readonly acknowledged: boolean;
  /** what is lost on its way is sent again under its Nats-Msg-Id, which the stream recognises */
  readonly sentAgain: boolean;
}

export function conduct(contract: Contract): Conduct {
  return {
    acknowledged: contract !== 'fire-and-forget',
    sentAgain: contract === 'effectively-once',
  };
}

const COPIES = 3;

/**
 * The stream that realises a contract. Storage is always `file`.
 *
 * JetStream answers a publish when the message is written to the stream's file, that is to the page cache
 * (R1), or when a majority of the stream's Raft group has it (R3). fsync follows every `sync_interval`, by
 * default two minutes, for all streams of a server alike; `always` (2.10) calls it before the answer
 * (https://docs.nats.io/running-a-nats-service/configuration#jetstream). 2.9 knows no such value: its file
 * store syncs by a timer only (server/filestore.go, `syncBlocks`).
 *
 * @throws ContractRefused where nothing of at least that strength can be had
 */
export function realise(contract: Contract, { nodes, version }: ServerFacts, syncing: Syncing): Realisation {
  const behaviour = conduct(contract);
  switch (contract) {
    case 'fire-and-forget':
      return { effective: contract, relation: 'exact', replicas: 1, conduct: behaviour };
    case 'leader-acked':
      return syncing === 'always'
        ? { effective: 'fsynced-acked', relation: 'exceeds', replicas: 1, conduct: behaviour }
        : { effective: contract, relation: 'exact', replicas: 1, conduct: behaviour };
    case 'fsynced-acked':
      requireSync(contract, version, syncing);
      return { effective: contract, relation: 'exact', replicas: 1, conduct: behaviour };
    case 'replicated-acked':
      requireCopies(contract, nodes);
      return syncing === 'always'
        ? {
            effective: 'replicated-fsynced-acked',
            relation: 'exceeds',
            replicas: COPIES,
            conduct: behaviour,
          }
        : { effective: contract, relation: 'exact', replicas: COPIES, conduct: behaviour };
    case 'replicated-fsynced-acked':
      requireCopies(contract, nodes);
      requireSync(contract, version, syncing);
      return { effective: contract, relation: 'exact', replicas: COPIES, conduct: behaviour };
    case 'effectively-once':
      requireCopies(contract, nodes);
      return { effective: contract, relation: 'exact', replicas: COPIES, conduct: behaviour };
  }
}

function requireCopies(contract: Contract, nodes: number): void {
  if (nodes >= COPIES) return;
  throw new ContractRefused(
    contract,
    `${nodes} NATS server${nodes === 1 ? ' cannot' : 's cannot'} hold three copies`,
    'use a cluster of three, or the contract leader-acked',
  );
}

function requireSync(contract: Contract, version: string, syncing: Syncing): void {
  if (!knowsSyncAlways(version)) {
    throw new ContractRefused(
      contract,
      `NATS ${version} acknowledges before fsync; sync_interval: always is of 2.10`,
      'use the contract leader-acked, or nats-server 2.10 or later with jetstream { sync_interval: always }',
    );
  }
  if (syncing !== 'not always') return;
  throw new ContractRefused(
    contract,
    'not every NATS server was seen to run with sync_interval: always',
    'set jetstream { sync_interval: always } on each, and name all their monitoring ports in monitorUrls',
  );
}

function knowsSyncAlways(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major > 2 || (major === 2 && minor >= 10);
}
