import type { ClientInfo, Headers } from '../driver.ts';
import type { SendError } from '../errors.ts';
import type { ProducerSettings, Realisation, TopicReadBack } from './contract.ts';
import type { Inbox } from './inbox.ts';

/** What the driver needs of a client library; one folder each implements it. */
export interface KafkaClient {
  readonly info: ClientInfo;
  /** what it cannot do without, beyond what any broker since Kafka 0.11 has */
  readonly requires: readonly RequiredApi[];
  /** What an error of the client says; undefined for any that is not the client's. */
  failureIn(error: unknown): ClientFailure | undefined;
  /** Rejects with the client's own error when no broker answers; the signal ends trying. */
  openAdmin(signal: AbortSignal): Promise<KafkaAdmin>;
  /** Resolves when the topic's leaders are connected, so that the first send is not the slow one. */
  openSender(topic: string, settings: ProducerSettings): Promise<Sender>;
  /** Resolves when the group has given this member its partitions. */
  joinGroup(membership: Membership, inbox: Inbox, signal: AbortSignal): Promise<GroupMember>;
  /** Reads each partition up to its end; rejects when the signal comes. */
  readLog(log: LogRange, onPayload: (payload: Buffer) => void, signal: AbortSignal): Promise<void>;
}

export interface ClientFailure {
  /** Kafka's codes of the answers that are errors; none where there was no answer */
  readonly codes: readonly number[];
  /** the innermost */
  readonly message: string;
}

/** A request of Kafka's protocol that a broker must know in at least this version. */
interface RequiredApi {
  readonly name: string;
  readonly key: number;
  readonly version: number;
  /** the first Kafka that has it */
  readonly since: string;
}

export interface NewTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly config: Readonly<Record<string, string>>;
}

export interface TopicState extends TopicReadBack {
  readonly partitions: number;
  /** every partition has a leader, and it knows that it is: the cluster's metadata is ahead of it */
  readonly ready: boolean;
}

export interface KafkaAdmin {
  nodes(): Promise<number>;
  createTopic(topic: NewTopic): Promise<void>;
  /** undefined: there is no such topic */
  describeTopic(topic: string): Promise<TopicState | undefined>;
  listTopics(): Promise<readonly string[]>;
  listGroups(): Promise<readonly string[]>;
  /** Fine when some of them are gone. */
  deleteTopics(topics: readonly string[]): Promise<void>;
  /** Fine when some of them are gone; rejects with GroupNotEmpty while one has members, or CoordinatorAway. */
  deleteGroups(groups: readonly string[]): Promise<void>;
  /** Per partition, in any order: the first offset, the next to be written, and the group's, if it has committed one. */
  offsets(topic: string, group: string): Promise<readonly PartitionOffsets[]>;
  close(): Promise<void>;
}

/** What is to be read of a topic. */
export interface LogRange {
  readonly topic: string;
  /** by number; those that have nothing are left out */
  readonly partitions: ReadonlyMap<number, Pick<PartitionOffsets, 'start' | 'end'>>;
  /** for a client that reads as a member of a group only: its own, and of no subscription */
  readonly group: string;
}

export interface PartitionOffsets {
  readonly partition: number;
  readonly start: number;
  readonly end: number;
  readonly committed: number | undefined;
}

export class GroupNotEmpty extends Error {
  constructor(options: { readonly cause: unknown }) {
    super('the group still has members', options);
    this.name = 'GroupNotEmpty';
  }
}

/** COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR: https://kafka.apache.org/protocol#protocol_error_codes */
export const coordinatorAwayCodes: ReadonlySet<number> = new Set([14, 15, 16]);

/** The group's coordinator is being chosen or moved, as on a broker that has just started. */
export class CoordinatorAway extends Error {
  constructor(options: { readonly cause: unknown }) {
    super('the coordinator of the group is not available', options);
    this.name = 'CoordinatorAway';
  }
}

export interface PartitionBatch {
  readonly partition: number;
  readonly messages: readonly EncodedMessage[];
}

interface EncodedMessage {
  readonly key: Buffer | null;
  readonly payload: Buffer;
  readonly headers: Headers | undefined;
}

export interface Sender {
  /** how many requests with records of the same partition may be under way without risking their order */
  readonly requestsPerPartition: number;
  /**
   * One call of the client's send. Resolves with the partitions whose records were not acknowledged, and
   * why; never rejects.
   */
  send(batches: readonly PartitionBatch[]): Promise<SendFailures>;
  /** Nothing is written any more, by no retry either; sends under way fail. */
  abandon(): void;
  /** Never rejects. Sends under way settle before it or soon after. */
  close(): Promise<void>;
}

export type SendFailures = ReadonlyMap<number, SendError>;

export const noFailures: SendFailures = new Map();

export interface Membership {
  readonly topic: string;
  readonly group: string;
  /** when offsets are committed, which is also how long a client is held up by what it has fetched */
  readonly commit: Realisation['commit'];
}

export interface GroupMember {
  /** Next offset to read, by partition. */
  commit(offsets: ReadonlyMap<number, number>): Promise<void>;
  /** Leaves the group; never rejects, and takes at most a few seconds when no broker answers. */
  close(): Promise<void>;
}
