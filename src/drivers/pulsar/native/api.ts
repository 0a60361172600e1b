/**
 * What is used of npm's pulsar-client 1.18. Not its own types: the package is an optional dependency, and
 * mqbench is built where it is not installed.
 */
export interface PulsarLibrary {
  readonly Client: new (config: ClientConfig) => NativePulsar;
  readonly MessageId: { earliest(): object };
  readonly AuthenticationToken: new (options: { readonly token: string }) => object;
}

interface ClientConfig {
  readonly serviceUrl: string;
  readonly authentication?: object;
  readonly operationTimeoutSeconds: number;
  readonly connectionTimeoutMs: number;
  readonly ioThreads: number;
  readonly messageListenerThreads: number;
  readonly statsIntervalInSeconds: number;
  readonly logLevel: number;
}

export interface NativePulsar {
  createProducer(config: ProducerConfig): Promise<NativeProducer>;
  subscribe(config: ConsumerConfig): Promise<NativeConsumer>;
  createReader(config: {
    readonly topic: string;
    readonly startMessageId: object;
    readonly receiverQueueSize: number;
  }): Promise<NativeReader>;
  close(): Promise<null>;
}

export interface NativeReader {
  /** Blocks the thread while it asks the broker, when nothing is in its queue. */
  hasNext(): boolean;
  readNext(): Promise<NativeMessage>;
  close(): Promise<null>;
}

export type ProducerConfig = BatchingConfig & {
  readonly topic: string;
  readonly sendTimeoutMs: number;
  readonly maxPendingMessages: number;
  readonly maxPendingMessagesAcrossPartitions: number;
  readonly blockIfQueueFull: boolean;
  readonly messageRoutingMode: 'RoundRobinDistribution';
  readonly hashingScheme: 'Murmur3_32Hash';
};

export type BatchingConfig =
  | { readonly batchingEnabled: false }
  | {
      readonly batchingEnabled: true;
      readonly batchingMaxPublishDelayMs: number;
      readonly batchingMaxMessages: number;
      readonly batchingMaxAllowedSizeInBytes: number;
    };

export interface NativeProducer {
  send(message: {
    readonly data: Buffer;
    readonly partitionKey?: string;
    readonly properties?: Readonly<Record<string, string>>;
  }): Promise<unknown>;
  close(): Promise<null>;
}

interface ConsumerConfig {
  readonly topic: string;
  readonly subscription: string;
  readonly subscriptionType: 'Failover';
  readonly subscriptionInitialPosition: 'Earliest';
  readonly consumerName: string;
  readonly receiverQueueSize: number;
  readonly batchIndexAckEnabled: boolean;
}

export interface NativeConsumer {
  receive(): Promise<NativeMessage>;
  acknowledge(message: NativeMessage): Promise<null>;
  close(): Promise<null>;
}

export interface NativeMessage {
  getData(): Buffer;
  /** an array without elements that has them as properties */
  getProperties(): object;
  getRedeliveryCount(): number;
}
