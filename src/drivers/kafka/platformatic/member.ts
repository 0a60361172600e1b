import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionPool, Consumer, ListOffsetTimestamps } from '@platformatic/kafka';
import type { ConsumerGroupJoinPayload } from '@platformatic/kafka';
import { UserError } from '../../../user-error.ts';
import type { GroupMember, Membership } from '../client.ts';
import type { KafkaConfig } from '../config.ts';
import type { Inbox } from '../inbox.ts';
import {
  closeTimeoutMs,
  heartbeatIntervalMs,
  rebalanceTimeoutMs,
  requestTimeoutMs,
  sessionTimeoutMs,
} from '../limits.ts';
import { isForbidden } from '../refusal.ts';
import { within } from '../../within.ts';
import { codeOf, hasName, isUnknownTopic, leaves } from './errors.ts';
import { fetchRecords } from './fetch.ts';
import { baseOptions } from './options.ts';

const backoffMs = 200;
const idlePollMs = 50;
const joinPatienceMs = 10_000;
const missingTopicPatienceMs = 5000;

/**
 * Lets the client's Consumer look after the membership (join, heartbeat, rejoin) and fetches itself. The
 * client's own stream is not used: on a rebalance a fetch that is under way moves its position past what the
 * group has committed, it is destroyed by every error that outlasts the retries, and it can neither be told
 * where to go on nor that a partition was kept.
 */
export class PlatformaticMember implements GroupMember {
  readonly #membership: Membership;
  readonly #inbox: Inbox;
  readonly #signal: AbortSignal;
  readonly #consumer: Consumer;
  /** of its own, since a broker answers the requests of a connection in turn, and a fetch waits for data */
  readonly #fetchPool: ConnectionPool;
  /** next offset to fetch of each partition of this member */
  readonly #positions = new Map<number, bigint>();
  #assigned: readonly number[] = [];
  #generation = 0;
  #mustJoin = true;
  #isClosed = false;
  #loop: Promise<void> | undefined;

  static async join(
    config: KafkaConfig,
    membership: Membership,
    inbox: Inbox,
    signal: AbortSignal,
  ): Promise<GroupMember> {
    const member = new PlatformaticMember(config, membership, inbox, signal);
    try {
      await member.#firstJoin();
    } catch (error) {
      await member.close();
      throw error;
    }
    member.#loop = member.#run();
    return member;
  }

  private constructor(config: KafkaConfig, membership: Membership, inbox: Inbox, signal: AbortSignal) {
    this.#membership = membership;
    this.#inbox = inbox;
    this.#signal = signal;
    const options = {
      ...baseOptions(config),
      // the answer to JoinGroup waits for the other members
      requestTimeout: rebalanceTimeoutMs + requestTimeoutMs,
    };
    this.#fetchPool = new ConnectionPool(config.clientId, options);
    this.#consumer = new Consumer({
      ...options,
      groupId: membership.group,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: rebalanceTimeoutMs,
      heartbeatInterval: heartbeatIntervalMs,
      autocommit: false,
    });
    this.#consumer.topics.track(membership.topic);
    this.#consumer.on('consumer:group:join', (join) => this.#joined(join));
    this.#consumer.on('consumer:group:rebalance', () => inbox.rebalancing());
    // after a heartbeat without an answer, 1.x sends no other; a rejoin that fails is not repeated
    this.#consumer.on('consumer:heartbeat:error', () => this.#rejoin());
    this.#consumer.on('error', () => this.#rejoin());
  }

  async commit(offsets: ReadonlyMap<number, number>): Promise<void> {
    await this.#consumer.commit({
      offsets: [...offsets].map(([partition, offset]) => ({
        topic: this.#membership.topic,
        partition,
        offset: BigInt(offset),
        leaderEpoch: -1,
      })),
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#inbox.wake();
    // a broker that is away cannot be told; the group will miss this member when its session expires
    await within(closeTimeoutMs, this.#leave(), 'leaving the group').catch(() =>
      this.#consumer.connections.close(),
    );
    await this.#fetchPool.close();
  }

  async #leave(): Promise<void> {
    await this.#loop;
    await this.#consumer.close();
  }

  /** The group's coordinator may still be about to be found, on the first group of a cluster. */
  async #firstJoin(): Promise<void> {
    const startMs = performance.now();
    for (;;) {
      try {
        return await this.#join();
      } catch (error) {
        if (isForbiddenError(error) || performance.now() - startMs > joinPatienceMs) throw error;
        await sleep(backoffMs, undefined, { signal: this.#signal });
      }
    }
  }

  async #run(): Promise<void> {
    let failingSinceMs: number | undefined;
    while (!this.#isClosed) {
      try {
        if (this.#mustJoin) await this.#join();
        await this.#fetchGeneration(this.#generation, () => {
          failingSinceMs = undefined;
        });
      } catch (error) {
        failingSinceMs ??= performance.now();
        if (this.#isHopeless(error, performance.now() - failingSinceMs)) return;
        if (hasName(error, 'OFFSET_OUT_OF_RANGE')) this.#positions.clear();
        this.#consumer.clearMetadata();
        await sleep(backoffMs);
      }
    }
  }

  #isHopeless(error: unknown, failingMs: number): boolean {
    if (this.#isClosed) return true;
    if (this.#signal.aborted) {
      this.#inbox.lost(new Error('the connection was lost after the signal to end', { cause: error }));
      return true;
    }
    if (isForbiddenError(error)) {
      this.#inbox.lost(error instanceof Error ? error : new Error(String(error)));
      return true;
    }
    if (!isUnknownTopic(error) || failingMs < missingTopicPatienceMs) return false;
    this.#inbox.lost(
      new UserError(`topic ${this.#membership.topic} was deleted`, {
        code: 'kafka.topic-deleted',
        exitCode: 3,
        cause: error,
      }),
    );
    return true;
  }

  async #join(): Promise<void> {
    this.#mustJoin = false;
    try {
      await this.#consumer.joinGroup({});
    } catch (error) {
      this.#mustJoin = true;
      this.#consumer.clearMetadata();
      throw error;
    }
  }

  #joined({ memberId, assignments = [] }: ConsumerGroupJoinPayload): void {
    const { topic } = this.#membership;
    this.#assigned = assignments.find((assignment) => assignment.topic === topic)?.partitions ?? [];
    const fresh = this.#inbox.assign(memberId, this.#assigned);
    for (const partition of this.#positions.keys()) {
      if (fresh.includes(partition) || !this.#assigned.includes(partition)) this.#positions.delete(partition);
    }
    this.#generation += 1;
    this.#inbox.wake();
  }

  #rejoin(): void {
    this.#mustJoin = true;
    this.#inbox.wake();
  }

  #isCurrent(generation: number): boolean {
    return !this.#isClosed && !this.#mustJoin && generation === this.#generation;
  }

  /** Fetches from the leaders of the partitions of this generation until it ends. */
  async #fetchGeneration(generation: number, onFetched: () => void): Promise<void> {
    await this.#lookUpPositions();
    const { topic } = this.#membership;
    const metadata = await this.#consumer.metadata({ topics: [topic] });
    const found = metadata.topics.get(topic);
    if (found === undefined || !this.#isCurrent(generation)) return;
    const byLeader = new Map<number, number[]>();
    for (const partition of this.#assigned) {
      const leader = found.partitions[partition]?.leader ?? -1;
      byLeader.set(leader, [...(byLeader.get(leader) ?? []), partition]);
    }
    // a group may have more members than the topic has partitions
    while (byLeader.size === 0 && this.#isCurrent(generation)) await sleep(idlePollMs);
    const round = { isOver: false };
    const isCurrent = (): boolean => !round.isOver && this.#isCurrent(generation);
    const outcomes = await Promise.allSettled(
      [...byLeader].map(async ([node, partitions]) => {
        try {
          while (isCurrent()) {
            await this.#inbox.room();
            if (isCurrent()) await this.#fetch({ node, topicId: found.id, partitions }, isCurrent);
            onFetched();
          }
        } finally {
          round.isOver = true;
        }
      }),
    );
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
  }

  async #fetch(
    from: { readonly node: number; readonly topicId: string; readonly partitions: readonly number[] },
    isCurrent: () => boolean,
  ): Promise<void> {
    const fetched = await fetchRecords(this.#consumer, this.#fetchPool, {
      ...from,
      positions: this.#positions,
    });
    // an answer that an earlier generation asked for may be of partitions that are another member's now
    if (!isCurrent()) return;
    try {
      await this.#inbox.offer(fetched.records);
    } catch (error) {
      // whether the claim was committed is not known: what it says is to be looked up
      for (const partition of fetched.positions.keys()) this.#positions.delete(partition);
      throw error;
    }
    if (!isCurrent()) return;
    for (const [partition, position] of fetched.positions) this.#positions.set(partition, position);
  }

  /** From what the group has committed, else from the start of the partition. */
  async #lookUpPositions(): Promise<void> {
    const { topic } = this.#membership;
    const missing = this.#assigned.filter((partition) => !this.#positions.has(partition));
    if (missing.length === 0) return;
    const generation = this.#generation;
    const committed = await this.#consumer.listCommittedOffsets({ topics: [{ topic, partitions: missing }] });
    const starts = await this.#consumer.listOffsets({
      topics: [topic],
      partitions: { [topic]: missing },
      timestamp: ListOffsetTimestamps.EARLIEST,
    });
    if (generation !== this.#generation) return;
    for (const partition of missing) {
      const offset = committed.get(topic)?.[partition] ?? -1n;
      this.#positions.set(partition, offset >= 0n ? offset : (starts.get(topic)?.[partition] ?? 0n));
    }
  }
}

function isForbiddenError(error: unknown): boolean {
  return isForbidden(leaves(error).flatMap((leaf) => codeOf(leaf) ?? []));
}
