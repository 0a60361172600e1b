import type { Batching } from '../../scenario/index.ts';
import type { ClientInfo, Headers, OutgoingMessage, Subscription } from '../driver.ts';

/** What the driver needs of a client; one folder each implements it. */
export interface PulsarClient {
  readonly info: ClientInfo;
  /** whether it sends a message again, under the same sequence id, when it has lost its connection */
  readonly repeatsIds: boolean;
  /** what the client adds to the settings of a contract, by Pulsar's own names */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  /** beyond what a broker takes as one message: what the way to it does */
  maxPayloadBytes(brokerSettings: Readonly<Record<string, string | null>> | undefined): number;
  openSender(topic: string, settings: SenderSettings): Promise<Sender>;
  /** Resolves when each partition has this consumer attached. */
  openReceiver(spec: ReceiverSpec, inbox: Inbox): Promise<Receiver>;
  /** Reads a partition from its first message to the last; rejects when the signal comes. */
  readPartition(log: PartitionLog, onPayload: (payload: Buffer) => void, signal: AbortSignal): Promise<void>;
  /** Never rejects. */
  close(): Promise<void>;
}

/** A partition that is not empty. */
export interface PartitionLog {
  /** its own name, as a topic */
  readonly topic: string;
  readonly last: Position;
}

/** Of an entry in the ledgers of a topic: a message, or a batch of them. */
export interface Position {
  readonly ledgerId: number;
  readonly entryId: number;
}

export interface SenderSettings {
  readonly batching: Batching;
  /** of a message, and so of a batch */
  readonly maxMessageBytes: number;
  /** ends reconnecting */
  readonly signal: AbortSignal;
}

export interface Sender {
  /** Resolves with the broker's receipt; rejects with a SendError. */
  send(message: OutgoingMessage): Promise<void>;
  /** Never rejects. Sends under way settle before it. */
  close(): Promise<void>;
}

export interface ReceiverSpec {
  readonly subscription: Subscription;
  readonly partitions: number;
  /** unlike that of any other; among the consumers of a subscription, it decides whose a partition is */
  readonly consumerName: string;
  readonly window: number;
  readonly signal: AbortSignal;
}

/** Where a receiver puts what it received. */
export interface Inbox {
  /** Each partition's in its order. */
  receive(delivery: Delivery): void;
  /** Resolves when another message would be handled at once, or none ever; never rejects. */
  room(): Promise<'room' | 'ended'>;
  /** The receiver cannot go on. */
  lost(error: Error): void;
}

export interface Delivery {
  readonly payload: Buffer;
  readonly redelivered: boolean;
  readonly headers: Headers | undefined;
  /** what it came on is lost, so that it will be delivered again whatever becomes of it */
  readonly isStale: boolean;
  /** One that does not reach the broker has no effect: the message is delivered again. */
  acknowledge(): void;
}

export interface Receiver {
  /** Takes acknowledgements along; never rejects. What was received and not acknowledged goes to another. */
  close(): Promise<void>;
}
