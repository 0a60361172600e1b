import type { z } from 'zod';
import type { Batching, Contract } from '../scenario/index.ts';

/** What a folder under src/drivers exports, and all that the rest of mqbench knows of it. */
export interface DriverModule<C> {
  readonly name: string;
  /** strict; fills in the defaults, so that `{}` is the broker on its usual port of 127.0.0.1 */
  readonly configSchema: z.ZodType<C>;
  capabilities(config: C): Capabilities;
  /**
   * What a contract comes to on such a server, without asking one: what `mqbench list drivers` prints, and
   * what createTopology realises.
   * @throws ContractRefused where nothing of at least that strength can be had
   */
  promise(contract: Contract, config: C, server: ServerFacts): Contract;
  /**
   * Loads the client's library and says which it is.
   * Rejects with a UserError (exit code 3) where it cannot be used here, with what to do about it.
   */
  loadClient(config: C): Promise<ClientInfo>;
  /**
   * Connects within 10 s, or rejects with a UserError (exit code 3) that says what was tried.
   * The signal ends the attempt, and later any reconnection.
   */
  connect(config: C, signal: AbortSignal): Promise<Driver>;
}

/** What a contract depends on. */
export type ServerFacts = Pick<ServerInfo, 'version' | 'nodes'>;

/** Who does something for the user: the broker, the client's library, or mqbench in the driver. */
export type Doer = 'broker' | 'client' | 'mqbench';

export interface Capabilities {
  /** the widest unit in which this driver promises order; `none` where it promises nothing */
  readonly ordering: 'none' | 'key' | 'partition' | 'queue';
  /** settlements that a handler may return */
  readonly settlements: readonly Settlement[];
  /** whether `ReceivedMessage.redelivered` tells every redelivery, also one to another consumer */
  readonly marksRedeliveries: boolean;
  /** not a broker one would run in production: left out of rankings on speed and durability */
  readonly emulated: boolean;
  /** messages that may be unsettled at once; left out: as many as the consumer's window, whatever their partition */
  readonly inFlight?: 'one a partition';
  /** `none`: a topic has one subscription at most; left out where each of several gets every message */
  readonly fanOut?: 'none';
  /** left out where requests cost nothing */
  readonly billed?: 'per request';
  /** who waits for the delay of a retry policy, and who moves a message to the dead letters in the end */
  readonly retryDelay: Doer;
  readonly deadLetters: Doer;
  /** what is taken as one message unless the server is configured otherwise */
  readonly maxMessageBytes: number;
  /**
   * Whether a message that is sent twice is stored once: by its `id`, on whatever connection it comes again; or
   * only when the client itself sends it again.
   */
  readonly deduplication: 'by id' | 'by client' | 'none';
  /** for people, in a few words; `no` where there is no such thing through this client */
  readonly words: {
    /** when a message that was not settled is delivered again */
    readonly redelivery: string;
    /** delivery at a time that the producer chooses */
    readonly delayedDelivery: string;
    /** reading again what was settled */
    readonly replay: string;
    readonly transactions: string;
  };
}

/** A connection to one broker. Disposing it closes the connection and deletes nothing on the broker. */
export interface Driver extends AsyncDisposable {
  readonly server: ServerInfo;
  readonly client: ClientInfo;
  /**
   * Creates every topic and subscription, ready for use when it resolves, with the settings that realise
   * the contract, reads the settings back from the server and says what they amount to.
   * Rejects with ContractRefused where the broker cannot give at least what was asked.
   */
  createTopology(topology: Topology, contract: Contract): Promise<EffectiveContract>;
  /** Deletes what this driver's createTopology created; fine when some of it is gone. */
  deleteTopology(): Promise<void>;
  openProducer(topic: string, options: ProducerOptions): Promise<Producer>;
  /** Resolves when the consumer is attached: a message sent from then on reaches it. */
  openConsumer(subscription: Subscription, options: ConsumerOptions, handler: Handler): Promise<Consumer>;
  /** Messages stored for the subscription and not yet settled, or undefined where the broker cannot say. */
  backlog(subscription: Subscription): Promise<number | undefined>;
  /**
   * Hands over the payload of every message that the topic has when this is called, from the first on, settled or not,
   * each partition's in its order; what comes meanwhile may be among them. It takes nothing from any subscription.
   * Rejects when the signal comes. Not there where the broker forgets what is settled.
   * @param topic one that keeps all
   * @param onPayload may keep the payload only until it returns
   */
  readLog?(topic: string, onPayload: (payload: Buffer) => void, signal: AbortSignal): Promise<void>;
  /** Deletes every topic, queue and exchange whose name starts with the prefix; returns their names. */
  deleteLeftovers(prefix: string): Promise<readonly string[]>;
  /** API calls made so far, by action, where each of them is billed; not there where none is. */
  requests?(): Readonly<Record<string, number>>;
}

export interface ServerInfo {
  /** where it was asked for, without a login; undefined in this process */
  readonly address: string | undefined;
  readonly product: string;
  readonly version: string;
  readonly nodes: number;
  readonly emulated: boolean;
}

export interface ClientInfo {
  readonly name: string;
  readonly version: string;
  /** what carries the messages: `AMQP 0.9.1`, `WebSocket`, `HTTP` */
  readonly transport: string;
}

export interface Topology {
  readonly topics: readonly TopicSpec[];
}

export interface TopicSpec {
  /** `mqbench.<campaign>.<trial>.<topic>`: letters, digits, dots and dashes, at most 80 characters */
  readonly name: string;
  readonly partitions: number;
  /** names of the subscriptions, each of which receives every message */
  readonly subscriptions: readonly string[];
  /**
   * Without one, a message is retried for ever and a rejected one is gone. With one, each subscription has
   * dead letters, which are a topic of their own that createTopology creates: see deadLettersOf.
   */
  readonly retry?: RetryPolicy;
  /** `all`: also what every subscription has settled, so that `readLog` finds it; left out: the broker may forget that */
  readonly keeps?: 'all';
}

/** What becomes of a message whose handler answers `retry`; one that is rejected is a dead letter at once. */
export interface RetryPolicy {
  /** deliveries to a handler in all, the first included; after the last it is a dead letter */
  readonly maxAttempts: number;
  readonly delayMs: number;
}

export interface Subscription {
  readonly topic: string;
  readonly name: string;
}

/** What a contract came to on this broker, as read back from it. */
export interface EffectiveContract {
  readonly asked: Contract;
  readonly effective: Contract;
  /** `exceeds`: the broker only has a stronger promise than the one asked for */
  readonly relation: 'exact' | 'exceeds';
  /** each setting that realises it, by the broker's or client's own name; printed */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  /** names of the settings above that could not be read back from the server, only requested */
  readonly notReadBack: readonly string[];
}

export interface ProducerOptions {
  readonly contract: Contract;
  readonly batching: Batching;
  /**
   * Called with the broker's own reason (`low on memory`) when it begins to hold this producer back, and with
   * undefined when it lets it go, or the connection is gone. A driver whose broker does not say never calls it.
   */
  readonly onThrottled?: (reason: string | undefined) => void;
}

export interface ConsumerOptions {
  readonly contract: Contract;
  /** messages that may be unsettled at once */
  readonly window: number;
  /** called at most once, when the consumer cannot go on and will not reconnect */
  readonly onLost: (error: Error) => void;
  /** that of the topic, where it has one */
  readonly retry?: RetryPolicy;
}

export interface Producer {
  /**
   * Resolves when the contract's acknowledgement is in. Rejects with a SendError, never with anything else.
   * Does not block: as many sends may be under way as the caller likes. The payload must not be changed
   * until it settles.
   */
  send(message: OutgoingMessage): Promise<void>;
  /** Waits for the sends under way. */
  close(): Promise<void>;
}

export interface OutgoingMessage {
  readonly key: string | undefined;
  readonly payload: Buffer;
  /** unique to the message: by it a broker that can recognises one that is sent again */
  readonly id?: string;
  /** at most eight, names of letters, digits and dashes, values of text */
  readonly headers?: Headers;
}

export type Headers = Readonly<Record<string, string>>;

export interface ReceivedMessage {
  readonly payload: Buffer;
  /** the broker marked it as delivered before */
  readonly redelivered: boolean;
  /** those that it was sent with, and perhaps others of the broker's; undefined where there are none */
  readonly headers?: Headers | undefined;
}

/** `done`: handled. `retry`: deliver it again. `reject`: never again; to the dead letters where there are any. */
export type Settlement = 'done' | 'retry' | 'reject';
export type Handler = (message: ReceivedMessage) => Settlement | Promise<Settlement>;

export interface Consumer {
  /** Stops asking the broker for messages; those already received are still handled. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Stops, waits for the handlers under way and settles what they returned. */
  close(): Promise<void>;
}
