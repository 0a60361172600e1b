import type { Contract } from '../../scenario/index.ts';
import { ContractRefused } from '../errors.ts';
import type { QueueType } from './config.ts';

/** What a contract depends on. */
export interface Circumstances {
  readonly queueType: QueueType;
  /** members of the cluster */
  readonly nodes: number;
  /** of the server: `3.10.8` */
  readonly version: string;
}

export interface Realisation {
  readonly effective: Contract;
  readonly relation: 'exact' | 'exceeds';
  readonly queueArguments: Readonly<Record<string, string | number | boolean>>;
  /** how long after their declaration the queues themselves survive a crash, ms */
  readonly lastingAfterMs: number;
}

/**
 * The names of a node's quorum queues are in a file that is flushed only when it has not changed for 0.5 to
 * 1 s (ra_directory.erl, `{auto_save, 500}`, in Ra 2.2 to 3.1). A node that is killed before then forgets a
 * new queue with all that was confirmed: on 3.10.8, killed 0, 400 or 800 ms after its declaration, the last of
 * four queues was lost with its messages; after 1,000 ms none. Classic queues have no such gap.
 */
const QUORUM_LASTING_AFTER_MS = 1_200;

/** How producers and consumers must behave; does not depend on the server. */
export interface Conduct {
  /** the producer awaits basic.ack of each message */
  readonly confirms: boolean;
  /** AMQP's delivery_mode: 1 transient, 2 persistent. Quorum queues and streams store both alike. */
  readonly deliveryMode: 1 | 2;
  /** the server forgets a message when it has written it to the consumer's socket */
  readonly noAck: boolean;
}

export function conduct(contract: Contract, queueType: QueueType): Conduct {
  const forgetful = contract === 'fire-and-forget';
  const transient = queueType === 'classic' && (forgetful || contract === 'leader-acked');
  // a stream's consumer must acknowledge (540 NOT_IMPLEMENTED otherwise, which ends the connection)
  return {
    confirms: !forgetful,
    deliveryMode: transient ? 1 : 2,
    noAck: forgetful && queueType !== 'stream',
  };
}

/**
 * The queues that realise a contract.
 *
 * A quorum queue confirms when a majority of its members have appended the message to their write-ahead log
 * and called fdatasync (ra_log_wal.erl; seen with strace on 3.10.8: a `fdatasync(….wal)` between every
 * publish and its confirm, whatever the delivery mode). So the number of members alone tells the contract.
 *
 * A classic queue is one copy. See `refuseUnflushedClassic` for when it flushes.
 *
 * A stream confirms when a majority of its replicas has written the message, and never flushes it.
 *
 * @throws ContractRefused where nothing of at least that strength can be had
 */
export function realise(contract: Contract, circumstances: Circumstances): Realisation {
  if (contract === 'effectively-once') {
    throw new ContractRefused(
      contract,
      'RabbitMQ does not recognise a message that a producer sends again over AMQP 0.9.1',
      'use replicated-fsynced-acked, and recognise duplicates in the consumer',
    );
  }
  switch (circumstances.queueType) {
    case 'quorum':
      return realiseQuorum(contract, circumstances);
    case 'classic':
      return realiseClassic(contract, circumstances);
    case 'stream':
      return realiseStream(contract, circumstances);
  }
}

type PlainContract = Exclude<Contract, 'effectively-once'>;

function realiseQuorum(contract: PlainContract, { nodes, version }: Circumstances): Realisation {
  // an older server ignores x-queue-type, as it does all arguments that it does not know, and makes a classic queue
  if (!atLeast(version, 3, 8)) {
    throw new ContractRefused(
      contract,
      `RabbitMQ ${version} has no quorum queues (since 3.8)`,
      'use queueType: classic, or a newer server',
    );
  }
  const queueArguments = (members: number) => ({
    'x-queue-type': 'quorum',
    'x-quorum-initial-group-size': members,
    'x-single-active-consumer': true,
    // since 4.0 a message is dropped at its 20th redelivery by default, which would count as lost
    // (rabbit_quorum_queue.erl, get_delivery_limit; a negative limit is none)
    ...(atLeast(version, 4, 0) ? { 'x-delivery-limit': -1 } : {}),
  });
  switch (contract) {
    case 'fire-and-forget':
      return { effective: contract, relation: 'exact', queueArguments: queueArguments(1), lastingAfterMs: 0 };
    case 'leader-acked':
    case 'fsynced-acked':
      return {
        effective: 'fsynced-acked',
        relation: contract === 'fsynced-acked' ? 'exact' : 'exceeds',
        queueArguments: queueArguments(1),
        lastingAfterMs: QUORUM_LASTING_AFTER_MS,
      };
    case 'replicated-acked':
    case 'replicated-fsynced-acked':
      refuseFewNodes(contract, nodes, 'fsynced-acked is the strongest contract of one node');
      return {
        effective: 'replicated-fsynced-acked',
        relation: contract === 'replicated-fsynced-acked' ? 'exact' : 'exceeds',
        queueArguments: queueArguments(3),
        lastingAfterMs: QUORUM_LASTING_AFTER_MS,
      };
  }
}

function refuseFewNodes(contract: Contract, nodes: number, hint: string): void {
  if (nodes >= 3) return;
  throw new ContractRefused(
    contract,
    `a majority that survives the loss of a node takes 3 nodes, and this cluster has ${nodes}`,
    hint,
  );
}

function realiseClassic(contract: PlainContract, { version }: Circumstances): Realisation {
  const queueArguments = { 'x-queue-type': 'classic', 'x-single-active-consumer': true };
  switch (contract) {
    case 'fire-and-forget':
    case 'leader-acked':
      return { effective: contract, relation: 'exact', queueArguments, lastingAfterMs: 0 };
    case 'fsynced-acked':
      refuseUnflushedClassic(contract, version);
      return {
        effective: contract,
        relation: 'exact',
        // version 2, an option since 3.10, does not call fsync for the message
        queueArguments: atLeast(version, 3, 10)
          ? { ...queueArguments, 'x-queue-version': 1 }
          : queueArguments,
        lastingAfterMs: 0,
      };
    case 'replicated-acked':
    case 'replicated-fsynced-acked':
      throw new ContractRefused(contract, 'a classic queue is one copy', 'use queueType: quorum on 3 nodes');
  }
}

/**
 * "Streams do not explicitly flush (fsync) the data to disk" (docs/streams, "Data safety"; osiris_log.erl has no
 * call of it). So a confirmed message outlives the process, of which 3.10.8 killed under load is the test, and
 * not the machine. Its declaration, too: killed right after it, a node forgot none of 24 streams.
 */
function realiseStream(contract: PlainContract, { nodes }: Circumstances): Realisation {
  const realisation = (replicas: number): Realisation => ({
    effective: contract,
    relation: 'exact',
    queueArguments: { 'x-queue-type': 'stream', 'x-initial-cluster-size': replicas },
    lastingAfterMs: 0,
  });
  switch (contract) {
    case 'fire-and-forget':
    case 'leader-acked':
      return realisation(1);
    case 'replicated-acked':
      refuseFewNodes(contract, nodes, 'leader-acked is the strongest contract of a stream on one node');
      return realisation(3);
    case 'fsynced-acked':
    case 'replicated-fsynced-acked':
      throw new ContractRefused(
        contract,
        'a stream confirms what its replicas have written and never flushes it',
        'use queueType: quorum, or replicated-acked on 3 nodes',
      );
  }
}

/** The copies of a queue that its arguments ask for; undefined for a classic queue, which is one. */
export function copiesOf(queueArguments: Realisation['queueArguments']): number | undefined {
  const copies = queueArguments['x-quorum-initial-group-size'] ?? queueArguments['x-initial-cluster-size'];
  return typeof copies === 'number' ? copies : undefined;
}

/**
 * Whether a classic queue calls fsync before it confirms a persistent message, by server version:
 *
 * - up to 3.12, queue version 1: yes. rabbit_queue_index.erl `sync/1` syncs the journal, in which messages
 *   under 4,096 bytes are embedded, and rabbit_msg_store.erl `internal_sync/1` syncs the store of the larger
 *   ones; both before the confirm. Seen with strace on 3.10.8: `fsync(journal.jif)`, and `fsync(0.rdq)` for
 *   8 KiB, between every publish and its confirm.
 * - version 2 (3.10 on; the only one since 4.0): no. rabbit_classic_queue_store_v2.erl `sync/1` only writes
 *   its buffer. Seen with strace on 3.10.8: no sync at all for 1 KiB.
 * - 3.13 on, version 1: not for messages of 4,096 bytes and more: "Note: the message store no longer
 *   fsyncs" (rabbit_msg_store.erl, https://github.com/rabbitmq/rabbitmq-server/pull/8507).
 *
 * A message that its consumer has settled before the flush is confirmed without one: it is not needed any more.
 */
function refuseUnflushedClassic(contract: Contract, version: string): void {
  if (!atLeast(version, 3, 13)) return;
  throw new ContractRefused(
    contract,
    `classic queues of RabbitMQ ${version} confirm before the message is flushed (since 3.13)`,
    'use queueType: quorum, or the contract leader-acked',
  );
}

/**
 * RabbitMQ's default `max_message_size` (Makefile of deps/rabbit). What the server is configured to cannot be
 * asked for, and a message over it costs the channel with all that is under way on it.
 */
export function defaultMaxMessageBytes(version: string): number {
  return (atLeast(version, 4, 0) ? 16 : 128) * 1024 * 1024;
}

function atLeast(version: string, major: number, minor: number): boolean {
  const [theMajor = 0, theMinor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return theMajor > major || (theMajor === major && theMinor >= minor);
}
