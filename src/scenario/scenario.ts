import type { FailureShares, KeyDistribution } from '../load/index.ts';
import type { Contract } from './contract.ts';

/** A scenario as read from YAML, with its units resolved and its defaults filled in. Plain data. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** the question of an architect that this scenario answers */
  readonly question: string;
  /** what in the result answers it */
  readonly lookAt: string;
  readonly workload:
    | 'stream'
    | 'request-reply'
    | 'dead-letter'
    | 'saga'
    | 'schema-evolution'
    | 'event-sourcing';
  readonly contract: Contract;
  readonly messages: MessageSpec;
  readonly topology: TopologySpec;
  readonly producers: ProducerSpec;
  readonly consumers: ConsumerSpec;
  readonly load: LoadSpec;
  readonly faults: readonly Fault[];
  /** of the workloads in which messages become dead letters; undefined for all others */
  readonly deadLetters: DeadLetterSpec | undefined;
  /** of the workload saga; undefined for all others */
  readonly saga: SagaSpec | undefined;
  /** of the workload schema-evolution; undefined for all others */
  readonly schema: SchemaSpec | undefined;
  readonly drain: DrainSpec;
  readonly checks: readonly Check[];
}

interface MessageSpec {
  /** the whole payload, the identity of the message included; of schema-evolution the most that one may take */
  readonly sizeBytes: number;
  readonly keys: KeySpec;
}

export type KeySpec = KeyDistribution;

interface TopologySpec {
  /** units of parallelism of the topic: Kafka partitions, RabbitMQ queues per subscription */
  readonly partitions: number;
  /** each subscription receives every message */
  readonly subscriptions: readonly string[];
}

interface ProducerSpec {
  readonly count: number;
  /** messages of one producer that may await their acknowledgement; sends beyond it wait and are billed */
  readonly window: number;
  readonly batching: Batching;
}

/** One budget for every driver; the linger is part of the latency. */
export interface Batching {
  readonly lingerMs: number;
  readonly maxBatchBytes: number;
  readonly maxBatchMessages: number;
}

/** The consumers of one subscription. */
export interface ConsumerSettings {
  readonly count: number;
  /** messages that one consumer may hold unsettled: prefetch, receiver queue, fetch size */
  readonly window: number;
  /** simulated processing time of a message before it is settled */
  readonly workMs: number;
}

interface ConsumerSpec extends ConsumerSettings {
  /** by subscription, what is different there; see consumersOf */
  readonly of: Readonly<Record<string, Partial<ConsumerSettings>>>;
  /** in the order of their times */
  readonly changes: readonly ConsumerChange[];
}

/** Consumers that come, go, rest or go on while the load runs. */
export interface ConsumerChange {
  /** from the start of the load, warm-up included */
  readonly atSeconds: number;
  readonly change: 'join' | 'leave' | 'pause' | 'resume';
  /** undefined: each of them */
  readonly subscription: string | undefined;
}

interface LoadSpec {
  readonly arrivals: 'poisson' | 'uniform';
  readonly phases: readonly Phase[];
  /** how long it lasts as it is written, where it was shortened for a look; such a trial is no measurement */
  readonly shortenedFromSeconds?: number;
}

/** A named span of the load. The rate goes linearly from `fromPerSecond` to `toPerSecond`. */
export interface Phase {
  readonly name: string;
  readonly fromPerSecond: number;
  readonly toPerSecond: number;
  readonly seconds: number;
  /** measured and kept, but not part of any headline figure */
  readonly warmup: boolean;
}

/** What goes wrong on purpose. */
export type Fault = PlainFault | SlowNetwork;

interface PlainFault extends FaultTime {
  /**
   * `pause`: the broker stands still; `kill`: it dies, and is started again when the fault is over; `cut`: nothing
   * gets through the network between it and its clients
   */
  readonly kind: 'pause' | 'kill' | 'crash-consumers' | 'cut';
}

/** What the network takes longer, in each direction: a round trip takes it twice. */
export interface NetworkDelay {
  readonly latencyMs: number;
  /** so much more or less, each time drawn anew */
  readonly jitterMs: number;
}

interface SlowNetwork extends FaultTime, NetworkDelay {
  readonly kind: 'slow';
}

interface FaultTime {
  /** from the start of the load, warm-up included */
  readonly atSeconds: number;
  readonly forSeconds: number;
}

/** How the orders of a shop go. Shares are 0 to 1. */
export interface SagaSpec {
  readonly style: 'orchestration' | 'choreography';
  /** articles that orders are for, one each */
  readonly articles: number;
  /** pieces of each article */
  readonly stock: number;
  /** payments that are declined */
  readonly declines: number;
  /** parcels that the shipper refuses */
  readonly refusals: number;
  /** messages whose handling crashes when its effect is there and nothing is sent yet */
  readonly crashes: number;
  /** messages between services that are sent twice */
  readonly duplicates: number;
  readonly placing: 'direct' | 'dual-write' | 'outbox';
  /** orders at whose placing the process dies: between writing down and publishing, or publishing and noting that */
  readonly placingCrashes: number;
  /** whether a service knows a message again and has no effect a second time */
  readonly inbox: boolean;
}

/** v2 adds a field that has a default, v3 breaks. */
export type SchemaVersion = 'v1' | 'v2' | 'v3';
export type ReaderVersion = Exclude<SchemaVersion, 'v3'>;

/** How events are written, and which versions of their schema there are when. */
export interface SchemaSpec {
  readonly format: 'json' | 'avro' | 'protobuf';
  readonly envelope: 'none' | 'cloudevents-structured' | 'cloudevents-binary';
  /** what a version must be, compared with the one before, to be published */
  readonly registry: 'none' | 'backward' | 'forward' | 'full';
  /** whether writers check what they send, and readers of JSON what they get */
  readonly validated: boolean;
  /** what v3 does: it has no currency any more, or its total is in another unit */
  readonly breaking: 'removed-field' | 'changed-unit';
  /** in the order of their times; v1 before the first */
  readonly producers: readonly { readonly atSeconds: number; readonly to: SchemaVersion }[];
  /** as above, of each subscription on its own */
  readonly consumers: readonly {
    readonly atSeconds: number;
    readonly subscription: string;
    readonly to: ReaderVersion;
  }[];
}

/** Which messages fail, and what becomes of them. */
export interface DeadLetterSpec {
  /** 0 to 1 */
  readonly shares: FailureShares;
  /** attempts that a transient message fails in */
  readonly failingAttempts: number;
  /** in all, after which a message is a dead letter */
  readonly maxAttempts: number;
  readonly delayMs: number;
  /** when dead letters are sent again, from the start of the load; undefined: they are only read */
  readonly redriveAtSeconds: number | undefined;
}

export interface DrainSpec {
  /** how long to wait, after the last send, until every message has arrived */
  readonly timeoutSeconds: number;
  /** how long nothing may arrive after all is in, so that late duplicates are seen */
  readonly quietSeconds: number;
}

/** An assertion of a scenario about a trial: `endToEnd.p99 <= 100ms in steady`. */
export interface Check {
  /** as the user wrote it */
  readonly text: string;
  /** a name of `mqbench list metrics`: `endToEnd.p99`, `ledger.lost`, `delivered.rate` */
  readonly metric: string;
  readonly operator: '<' | '<=' | '>' | '>=' | '==' | '!=';
  /** in the metric's own unit: µs for latencies, per second for rates, messages for counts */
  readonly bound: number;
  /** undefined: all phases that are not warm-up, merged */
  readonly phase: string | undefined;
  /** of `endToEnd` only; undefined: all of them together */
  readonly subscription: string | undefined;
}

/** What is measured: a named, configured driver, and an option of the decision. */
export interface Target {
  readonly name: string;
  readonly driver: string;
  /** validated by the driver's own schema; may hold secrets and never enters a result */
  readonly config: Readonly<Record<string, unknown>>;
}
