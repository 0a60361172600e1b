import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../user-error.ts';
import type { Contract } from '../../scenario/index.ts';
import { deadLettersOf } from '../dead-letters.ts';
import type { EffectiveContract, TopicSpec } from '../driver.ts';
import { ContractRefused } from '../errors.ts';
import type { Admin, Settings } from './admin.ts';
import { brokenPromise, conduct, copiesIn, flushesBy } from './contract.ts';
import type { Copies, Realisation } from './contract.ts';
import { operationTimeoutMs, sendTimeoutMs } from './limits.ts';

const policyTimeoutMs = 10_000;
const pollIntervalMs = 50;

/** A topic to create, with the dead letters of its subscriptions after it. */
export function topicsOf(spec: TopicSpec): readonly TopicSpec[] {
  const { name, subscriptions, retry } = spec;
  if (retry === undefined) return [spec];
  const letters = subscriptions.map((each) => deadLettersOf({ topic: name, name: each }));
  return [
    spec,
    ...letters.map(({ topic, name: subscription }) => ({
      name: topic,
      partitions: 1,
      subscriptions: [subscription],
    })),
  ];
}

/** Creates a topic with its policies, which must be in effect before its first ledger is, and its subscriptions. */
export async function createTopic(
  admin: Admin,
  { name, partitions, subscriptions, keeps }: TopicSpec,
  { copies, deduplication }: Realisation,
  signal: AbortSignal,
): Promise<void> {
  await admin.createTopic(name, partitions);
  if (copies.writeQuorumSize > 1) {
    const persistence = {
      bookkeeperEnsemble: copies.ensembleSize,
      bookkeeperWriteQuorum: copies.writeQuorumSize,
      bookkeeperAckQuorum: copies.ackQuorumSize,
      managedLedgerMaxMarkDeleteRate: 1,
    };
    await applyPolicy(admin, { topic: name, policy: 'persistence', value: persistence }, signal);
  }
  if (deduplication)
    await applyPolicy(admin, { topic: name, policy: 'deduplicationEnabled', value: true }, signal);
  // without it the broker deletes a ledger when every subscription has settled it
  if (keeps === 'all') await applyPolicy(admin, { topic: name, policy: 'retention', value: forEver }, signal);
  for (const subscription of subscriptions) await admin.createSubscription(name, subscription);
}

const forEver = { retentionTimeInMinutes: -1, retentionSizeInMB: -1 };

interface Policy {
  readonly topic: string;
  readonly policy: string;
  readonly value: unknown;
}

/** Policies go through a topic of the system, so that they are not in effect at once. */
async function applyPolicy(
  admin: Admin,
  { topic, policy, value }: Policy,
  signal: AbortSignal,
): Promise<void> {
  await admin.setPolicy(topic, policy, value);
  for (let waitedMs = 0; waitedMs < policyTimeoutMs; waitedMs += pollIntervalMs) {
    if (includes(await admin.policy(topic, policy), value)) return;
    await sleep(pollIntervalMs, undefined, { signal });
  }
  throw new UserError(`the policy ${policy} of ${topic} is not in effect after ${policyTimeoutMs} ms`, {
    code: 'pulsar.policy',
    exitCode: 3,
    hint: 'the broker needs topicLevelPoliciesEnabled=true and systemTopicEnabled=true',
  });
}

/** The broker may answer with more fields than were asked for. */
function includes(found: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return found === wanted;
  return Object.entries(wanted).every(
    ([key, value]) =>
      typeof found === 'object' && found !== null && (found as Record<string, unknown>)[key] === value,
  );
}

export interface ReadBack {
  readonly contract: Contract;
  readonly realisation: Realisation;
  readonly topics: readonly TopicSpec[];
  readonly brokerSettings: Settings | undefined;
  readonly bookieSettings: Settings | undefined;
  readonly clientSettings: Readonly<Record<string, string | number | boolean>>;
}

/**
 * What the promise came to, by the server's own account.
 * @throws {ContractRefused} where it did not take over a setting that the promise rests on
 */
export async function effectiveContract(admin: Admin, readBack: ReadBack): Promise<EffectiveContract> {
  const { contract, realisation, topics, brokerSettings, bookieSettings, clientSettings } = readBack;
  const copies: Copies[] = [];
  let deduplication = true;
  for (const { name } of topics) {
    const found = copiesIn(await admin.ledgerMetadata(name, 0));
    const broken = found === undefined ? undefined : brokenPromise(realisation.copies, found);
    if (broken !== undefined) throw new ContractRefused(contract, `read back from BookKeeper: ${broken}`);
    if (found !== undefined) copies.push(found);
    deduplication &&= (await admin.policy(name, 'deduplicationEnabled')) === true;
  }
  if (realisation.deduplication && !deduplication)
    throw new ContractRefused(contract, 'the broker does not recognise what is sent again');
  const weakest = copies.toSorted((a, b) => a.ackQuorumSize - b.ackQuorumSize)[0];
  const { awaitsReceipt, acknowledge } = conduct(contract);
  const requested = {
    ...(weakest === undefined ? realisation.copies : {}),
    ...(flushesBy(bookieSettings) === undefined ? { journalSyncData: 'not told (bookieUrl)' } : {}),
    subscriptionType: 'Failover',
    hashingScheme: 'Murmur3_32Hash',
    'send receipt': awaitsReceipt ? 'awaited' : 'not awaited',
    acknowledge,
    sendTimeoutMs,
    operationTimeoutMs,
    ...clientSettings,
  };
  return {
    asked: contract,
    effective: realisation.effective,
    relation: realisation.relation,
    settings: {
      ...weakest,
      ...(bookieSettings === undefined
        ? {}
        : {
            journalSyncData: bookieSettings['journalSyncData'] ?? 'true (default)',
            journalWriteData: bookieSettings['journalWriteData'] ?? 'true (default)',
          }),
      deduplicationEnabled: deduplication,
      // createTopic has waited until the broker says so
      ...(topics.some(({ keeps }) => keeps === 'all') ? forEver : {}),
      ...Object.fromEntries(brokerNames.map((name) => [name, brokerSettings?.[name] ?? 'not reported'])),
      ...requested,
    },
    notReadBack: Object.keys(requested),
  };
}

const brokerNames = [
  'acknowledgmentAtBatchIndexLevelEnabled',
  'activeConsumerFailoverDelayTimeMillis',
  'maxMessageSize',
];
