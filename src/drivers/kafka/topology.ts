import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../user-error.ts';
import type { EffectiveContract, Subscription, TopicSpec } from '../driver.ts';
import { ContractRefused } from '../errors.ts';
import { CoordinatorAway, GroupNotEmpty } from './client.ts';
import type { KafkaAdmin, TopicState } from './client.ts';
import { brokenPromise } from './contract.ts';
import type { Realisation } from './contract.ts';
import {
  commitIntervalMs,
  idempotentRetries,
  maxRequests,
  rebalanceTimeoutMs,
  sessionTimeoutMs,
} from './limits.ts';

const readyTimeoutMs = 10_000;
const pollIntervalMs = 50;

/** Carries the prefix of its topic, so that `mqbench clean` finds it. */
export function groupOf(subscription: Subscription): string {
  return `${subscription.topic}.${subscription.name}`;
}

/** Waits until each partition of the topics has a leader, and says what their settings come to. */
export async function readBack(
  admin: KafkaAdmin,
  topics: readonly TopicSpec[],
  realisation: Realisation,
  signal: AbortSignal,
): Promise<EffectiveContract> {
  const states: TopicState[] = [];
  for (const { name } of topics) states.push(await readyTopic(admin, name, signal));
  return effectiveContract(realisation, states);
}

async function readyTopic(admin: KafkaAdmin, topic: string, signal: AbortSignal): Promise<TopicState> {
  for (let waitedMs = 0; waitedMs < readyTimeoutMs; waitedMs += pollIntervalMs) {
    const state = await admin.describeTopic(topic);
    if (state?.ready === true) return state;
    await sleep(pollIntervalMs, undefined, { signal });
  }
  throw new UserError(`topic ${topic} has no leader after ${readyTimeoutMs} ms`, {
    code: 'kafka.topic-not-ready',
    exitCode: 3,
    hint: 'look into the log of the broker',
  });
}

/**
 * What the promise came to, by the broker's own account.
 * @throws {ContractRefused} where the broker did not take over a setting that the promise rests on
 */
function effectiveContract(realisation: Realisation, topics: readonly TopicState[]): EffectiveContract {
  const { contract, producer, commit } = realisation;
  for (const topic of topics) {
    const broken = brokenPromise(realisation, topic);
    if (broken !== undefined) throw new ContractRefused(contract, `read back from the broker: ${broken}`);
  }
  const weakest = topics.toSorted((a, b) => a.replicationFactor - b.replicationFactor)[0];
  const requested = {
    acks: producer.acks === -1 ? 'all' : producer.acks,
    'enable.idempotence': producer.idempotent,
    retries: producer.idempotent ? idempotentRetries : 0,
    'delivery.timeout.ms': producer.deliveryTimeoutMs,
    'max.in.flight.requests.per.connection': maxRequests,
    'enable.auto.commit': false,
    'auto.offset.reset': 'earliest',
    'offset.commit': commit === 'before handling' ? commit : `${commit}, every ${commitIntervalMs} ms`,
    'session.timeout.ms': sessionTimeoutMs,
  };
  return {
    asked: contract,
    effective: contract,
    relation: 'exact',
    settings: {
      'replication.factor': weakest?.replicationFactor ?? realisation.replicationFactor,
      ...Object.fromEntries(readBackNames.map((name) => [name, weakest?.config[name] ?? 'not reported'])),
      ...requested,
    },
    notReadBack: Object.keys(requested),
  };
}

const readBackNames = ['min.insync.replicas', 'flush.messages', 'max.message.bytes', 'retention.ms'];

/** Deletes groups and topics, and waits until the cluster lists them no longer. Fine when some are gone. */
export async function deleteAll(
  admin: KafkaAdmin,
  names: { readonly topics: readonly string[]; readonly groups: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  try {
    await deleteGroups(admin, names.groups, signal);
  } finally {
    // a group that cannot be deleted must not keep its topic
    await deleteTopics(admin, names.topics, signal);
  }
}

async function deleteTopics(
  admin: KafkaAdmin,
  topics: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await admin.deleteTopics(topics);
  for (let waitedMs = 0; waitedMs < readyTimeoutMs; waitedMs += pollIntervalMs) {
    const left = await admin.listTopics();
    if (!topics.some((topic) => left.includes(topic))) return;
    await sleep(pollIntervalMs, undefined, { signal });
  }
}

/**
 * A member that crashed keeps its group alive until its session expires, which a broker that was started again counts
 * from then, or until a rebalance under way has waited for it. A new broker has no coordinator yet.
 */
async function deleteGroups(
  admin: KafkaAdmin,
  groups: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const patienceMs = rebalanceTimeoutMs + sessionTimeoutMs;
  const retryMs = 250;
  for (let waitedMs = 0; ; waitedMs += retryMs) {
    try {
      return await admin.deleteGroups(groups);
    } catch (error) {
      if (!(error instanceof GroupNotEmpty || error instanceof CoordinatorAway)) throw error;
      if (waitedMs >= patienceMs) {
        if (error instanceof CoordinatorAway) throw error;
        throw new UserError(`a consumer group still has members: ${groups.join(', ')}`, {
          code: 'kafka.group-not-empty',
          exitCode: 3,
          hint: 'stop the consumers that are not of mqbench',
          cause: error,
        });
      }
      await sleep(retryMs, undefined, { signal });
    }
  }
}
