import type { Contract } from '../../scenario/index.ts';
import { ContractRefused } from '../errors.ts';
import { deliveryTimeoutMs, idempotentDeliveryTimeoutMs } from './limits.ts';

/** How a contract is kept on Kafka: what the topic, the producer and the consumer have to be set to. */
export interface Realisation {
  readonly contract: Contract;
  readonly replicationFactor: number;
  /** topic configuration, by Kafka's own names */
  readonly topicConfig: Readonly<Record<string, string>>;
  readonly producer: ProducerSettings;
  /** `before handling`: what was fetched counts as settled, so that a crash loses it (at most once) */
  readonly commit: 'before handling' | 'after handling';
}

export interface ProducerSettings {
  /** 0: none, 1: the leader's, -1: that of every in-sync replica */
  readonly acks: 0 | 1 | -1;
  readonly idempotent: boolean;
  readonly deliveryTimeoutMs: number;
}

export interface Cluster {
  readonly nodes: number;
  /** copies of each partition that the user asked for; undefined: as many as the contract needs */
  readonly replicationFactor: number | undefined;
}

/** Java's Long.MAX_VALUE, the broker's own default: fsync is left to the operating system. */
const neverFlush = '9223372036854775807';

/**
 * Kafka acknowledges from the page cache, so that `acks` and replicas alone promise nothing about a power
 * cut; `flush.messages=1` makes a broker fsync in the append path, before it acknowledges or replicates.
 * Source: the broker's UnifiedLog.append and https://kafka.apache.org/documentation/#topicconfigs_flush.messages
 * @throws {ContractRefused} where the cluster has too few brokers
 */
export function realise(contract: Contract, cluster: Cluster): Realisation {
  const { replicas, fsync, producer, commit } = recipes[contract];
  const replicationFactor = cluster.replicationFactor ?? replicas;
  if (replicationFactor < replicas) {
    throw new ContractRefused(
      contract,
      `it needs ${replicas} replicas, replicationFactor is ${replicationFactor}`,
      `leave replicationFactor out, or set it to ${replicas}`,
    );
  }
  if (replicationFactor > cluster.nodes) {
    throw new ContractRefused(
      contract,
      `it needs ${replicationFactor} brokers, the cluster has ${cluster.nodes}`,
      replicas > 1 ? 'leader-acked and fsynced-acked need one broker' : 'lower replicationFactor',
    );
  }
  return {
    contract,
    replicationFactor,
    topicConfig: {
      'cleanup.policy': 'delete',
      'retention.ms': '-1',
      'retention.bytes': '-1',
      // stated in every case, so that a default of the cluster cannot make the contract another one
      'min.insync.replicas': replicas > 1 ? '2' : '1',
      'flush.messages': fsync ? '1' : neverFlush,
      'message.timestamp.type': 'CreateTime',
    },
    producer,
    commit,
  };
}

/** Whether what the broker reports keeps the contract; the reason where it does not. */
export function brokenPromise(realisation: Realisation, readBack: TopicReadBack): string | undefined {
  if (readBack.replicationFactor < realisation.replicationFactor) {
    return `the topic has ${readBack.replicationFactor} replicas, not ${realisation.replicationFactor}`;
  }
  for (const name of ['min.insync.replicas', 'flush.messages']) {
    const wanted = realisation.topicConfig[name];
    const found = readBack.config[name];
    if (found !== wanted) return `${name} is ${found ?? 'not reported'}, not ${wanted}`;
  }
  return undefined;
}

export interface TopicReadBack {
  /** of the partition that has the fewest */
  readonly replicationFactor: number;
  readonly config: Readonly<Record<string, string>>;
}

interface Recipe {
  readonly replicas: 1 | 3;
  readonly fsync: boolean;
  readonly producer: ProducerSettings;
  readonly commit: Realisation['commit'];
}

const none = { acks: 0, idempotent: false, deliveryTimeoutMs } as const;
const leader = { acks: 1, idempotent: false, deliveryTimeoutMs } as const;
const all = { acks: -1, idempotent: false, deliveryTimeoutMs } as const;
/**
 * A batch whose acknowledgement is lost is sent again by the client, under its first identity, and stored
 * once; without idempotence it is not sent again, and unknown. Both are shown for both clients by
 * test/live/kafka/idempotence.test.ts. What the application itself sends again is stored again.
 */
const idempotent = {
  acks: -1,
  idempotent: true,
  deliveryTimeoutMs: idempotentDeliveryTimeoutMs,
} as const;

const recipes: Readonly<Record<Contract, Recipe>> = {
  'fire-and-forget': {
    replicas: 1,
    fsync: false,
    producer: none,
    commit: 'before handling',
  },
  'leader-acked': { replicas: 1, fsync: false, producer: leader, commit: 'after handling' },
  'replicated-acked': { replicas: 3, fsync: false, producer: idempotent, commit: 'after handling' },
  'fsynced-acked': { replicas: 1, fsync: true, producer: all, commit: 'after handling' },
  'replicated-fsynced-acked': { replicas: 3, fsync: true, producer: idempotent, commit: 'after handling' },
  'effectively-once': { replicas: 3, fsync: false, producer: idempotent, commit: 'after handling' },
};
