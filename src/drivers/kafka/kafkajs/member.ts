import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, EachBatchPayload, IHeaders } from 'kafkajs';
import type { Headers } from '../../driver.ts';
import type { GroupMember, Membership } from '../client.ts';
import type { KafkaConfig } from '../config.ts';
import type { Inbox } from '../inbox.ts';
import {
  closeTimeoutMs,
  fetchMaxWaitMs,
  heartbeatIntervalMs,
  rebalanceTimeoutMs,
  sessionTimeoutMs,
} from '../limits.ts';
import { within } from '../../within.ts';
import { connect, retries } from './options.ts';
import { Sockets } from './sockets.ts';

const retryDelayMs = 200;
/**
 * 20 s, the length of outage that it survives as the same member. When they are used up it joins as another
 * one, which has to wait until the session of the first expires. More would keep a process alive that closes
 * while the broker is away, as kafkajs cannot be told to stop connecting.
 */
const connectRetries = 100;
const claimedTogether = 64;
const joinPatienceMs = 10_000;

/**
 * kafkajs fetches, hands over, and fetches again; while a handler holds it up it sends no heartbeat, so that
 * waiting for room sends them.
 *
 * Its own commits are off (`autoCommit: false`): with them it awaits an OffsetCommit after every partition of
 * every fetch, whatever autoCommitInterval says (src/consumer/runner.js, `await this.autoCommitOffsets()` in
 * handleBatch), which is where the 20 ms come from that a kafkajs consumer is said to add.
 */
export class KafkajsMember implements GroupMember {
  readonly #membership: Membership;
  readonly #inbox: Inbox;
  readonly #signal: AbortSignal;
  readonly #consumer: Consumer;
  readonly #sockets = new Sockets(() => this.#giveUpWhenEnded());
  /** of this membership; undefined before there was anything to commit */
  #lastBatch: EachBatchPayload | undefined;
  #isClosed = false;

  static async join(
    config: KafkaConfig,
    membership: Membership,
    inbox: Inbox,
    signal: AbortSignal,
  ): Promise<GroupMember> {
    const member = new KafkajsMember(config, membership, inbox, signal);
    try {
      await within(joinPatienceMs + rebalanceTimeoutMs, member.#join(), 'joining the group');
      return member;
    } catch (error) {
      await member.close();
      throw error;
    }
  }

  private constructor(config: KafkaConfig, membership: Membership, inbox: Inbox, signal: AbortSignal) {
    this.#membership = membership;
    this.#inbox = inbox;
    this.#signal = signal;
    const kafka = connect(config, retries(connectRetries, retryDelayMs), (socket) => {
      this.#sockets.add(socket);
    });
    signal.addEventListener('abort', this.#giveUpWhenEnded);
    this.#consumer = kafka.consumer({
      groupId: membership.group,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: rebalanceTimeoutMs,
      heartbeatInterval: heartbeatIntervalMs,
      minBytes: 1,
      maxWaitTimeInMs: fetchMaxWaitMs,
      allowAutoTopicCreation: false,
      retry: {
        ...retries(Number.MAX_SAFE_INTEGER, retryDelayMs),
        restartOnFailure: () => this.#mayRestart(),
      },
    });
    const { events } = this.#consumer;
    this.#consumer.on(events.GROUP_JOIN, ({ payload }) => {
      inbox.assign(payload.memberId, payload.memberAssignment[membership.topic] ?? []);
    });
    this.#consumer.on(events.REBALANCING, () => inbox.rebalancing());
    this.#consumer.on(events.CRASH, ({ payload }) => {
      if (!payload.restart && !this.#isClosed) inbox.lost(payload.error);
    });
  }

  async commit(offsets: ReadonlyMap<number, number>): Promise<void> {
    const { topic } = this.#membership;
    const partitions = [...offsets].map(([partition, offset]) => ({ partition, offset: String(offset) }));
    // Consumer.commitOffsets would repeat a commit that a rebalance refused after it, under the new generation,
    // when the partition may be another member's who has committed more
    await this.#lastBatch?.commitOffsetsIfNecessary({ topics: [{ topic, partitions }] });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#signal.removeEventListener('abort', this.#giveUpWhenEnded);
    this.#inbox.wake();
    // a broker that is away cannot be told; the group will miss this member when its session expires
    await within(closeTimeoutMs, this.#consumer.disconnect(), 'leaving the group').then(
      () => this.#sockets.end(),
      () => this.#sockets.destroy(),
    );
  }

  async #join(): Promise<void> {
    const { topic, commit } = this.#membership;
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [topic], fromBeginning: true });
    // resolves when the group has been joined
    await this.#consumer.run({
      autoCommit: false,
      // so that the partitions of one fetch are claimed with one commit
      partitionsConsumedConcurrently: commit === 'before handling' ? claimedTogether : 1,
      eachBatch: (batch) => this.#take(batch),
    });
  }

  async #take(payload: EachBatchPayload): Promise<void> {
    this.#lastBatch = payload;
    const { batch } = payload;
    const { partition } = batch;
    await this.#inbox.offer(
      batch.messages.map(({ offset, value, headers }) => ({
        partition,
        offset: Number(offset),
        payload: value ?? Buffer.alloc(0),
        headers: decodeHeaders(headers),
      })),
    );
    while (!this.#inbox.hasRoom && payload.isRunning()) {
      const waiting = new AbortController();
      await Promise.race([
        this.#inbox.room(),
        sleep(heartbeatIntervalMs / 2, undefined, { signal: waiting.signal }).catch(() => undefined),
      ]);
      waiting.abort();
      // sends one when its time has come; rejects when the group rebalances, which ends this batch
      await payload.heartbeat();
    }
  }

  /** kafkajs itself would try to reconnect for ever. */
  readonly #giveUpWhenEnded = (): void => {
    if (this.#isClosed || !this.#signal.aborted || this.#sockets.size > 0) return;
    this.#inbox.lost(new Error('the connection was lost after the signal to end'));
  };

  #mayRestart(): Promise<boolean> {
    return Promise.resolve(!this.#isClosed && !this.#signal.aborted);
  }
}

/** kafkajs makes an object for every message, mostly an empty one. Of a name that is repeated the last value counts. */
function decodeHeaders(encoded: IHeaders | undefined): Headers | undefined {
  let headers: Record<string, string> | undefined;
  for (const name in encoded) {
    const value = encoded[name];
    headers ??= {};
    headers[name] = String(Array.isArray(value) ? value.at(-1) : (value ?? ''));
  }
  return headers;
}
