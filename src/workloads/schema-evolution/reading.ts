import type { ReceivedMessage, Settlement } from '../../drivers/index.ts';
import type { Identity } from '../../load/index.ts';
import {
  LatencyHistogram,
  SchemaRecord,
  SequenceSet,
  type GivenUpAccount,
  type SchemaAccount,
} from '../../measure/index.ts';
import type { ReaderVersion, SchemaSpec } from '../../scenario/index.ts';
import type { Handling } from '../stream/handling.ts';
import type { EventCodec } from './codec.ts';
import { outcomeOf } from './outcome.ts';
import { readerAt } from './versions.ts';

/** Reads the events of a subscription as the version of the hour, rejects those that it cannot read, and tells what it made of each. */
export class Reading implements Handling {
  readonly #subscription: string;
  readonly #spec: SchemaSpec;
  readonly #codec: EventCodec;
  readonly #record = new SchemaRecord();
  /** by producer: events that are counted; one that comes again is not */
  readonly #counted: readonly SequenceSet[];
  readonly #rejected: readonly SequenceSet[];
  #startNs = 0;

  constructor(subscription: string, spec: SchemaSpec, producers: number, codec: EventCodec) {
    this.#subscription = subscription;
    this.#spec = spec;
    this.#codec = codec;
    const perProducer = (): readonly SequenceSet[] =>
      Array.from({ length: producers }, () => new SequenceSet());
    this.#counted = perProducer();
    this.#rejected = perProducer();
  }

  start(startNs: number): void {
    this.#startNs = startNs;
  }

  /** dead letters that there have to be */
  get owed(): number {
    return this.#rejected.reduce((sum, { count }) => sum + count, 0);
  }

  markOf(): undefined {
    return undefined;
  }

  settle(identity: Identity, message: ReceivedMessage, arrivedNs: number): Settlement {
    const reader = readerAt(this.#spec, this.#subscription, (arrivedNs - this.#startNs) / 1e9);
    const writer = this.#codec.versionOf(message);
    const { outcome, example } = this.#read(identity, message, reader);
    const isNew = this.#counted[identity.producer]?.add(identity.sequence) === true;
    if (isNew) this.#record.count({ writer, reader }, outcome, example);
    if (outcome !== 'deadLettered') return 'done';
    this.#rejected[identity.producer]?.add(identity.sequence);
    return 'reject';
  }

  account(): GivenUpAccount {
    return {
      kind: 'given up',
      subscription: this.#subscription,
      messages: this.#rejected.map((set) => set.toPages()),
      retries: 0,
      redriven: [],
      timeToSuccess: new LatencyHistogram().encode(),
    };
  }

  schema(): SchemaAccount {
    return this.#record.account();
  }

  #read(identity: Identity, message: ReceivedMessage, reader: ReaderVersion): ReturnType<typeof outcomeOf> {
    let view;
    try {
      view = this.#codec.read(message, reader, this.#record);
    } catch (error) {
      // whatever a decoder throws: to its reader the event is unreadable
      return { outcome: 'deadLettered', example: error instanceof Error ? error.message : String(error) };
    }
    const writer = this.#codec.versionOf(message);
    return outcomeOf(this.#codec.orderOf(identity), view, this.#codec.versionsOf(writer, reader));
  }
}
