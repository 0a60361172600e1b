import type { Headers } from '../../drivers/index.ts';
import type { Identity } from '../../load/index.ts';
import { SchemaRecord, type SchemaAccount } from '../../measure/index.ts';
import type { SchemaSpec } from '../../scenario/index.ts';
import type { Contents } from '../stream/contents.ts';
import type { EventCodec } from './codec.ts';
import { Registry } from './registry.ts';
import { readerAt, writerAt } from './versions.ts';

/** Events of the version that is due when a message is, or of the one before where a registry refuses that. */
export class Writing implements Contents {
  readonly #spec: SchemaSpec;
  readonly #subscriptions: readonly string[];
  readonly #codec: EventCodec;
  readonly #registry: Registry;
  readonly #startNs: number;
  readonly #record = new SchemaRecord();

  constructor(spec: SchemaSpec, subscriptions: readonly string[], codec: EventCodec, startNs: number) {
    this.#spec = spec;
    this.#subscriptions = subscriptions;
    this.#codec = codec;
    this.#registry = new Registry(codec.format, spec.registry);
    this.#startNs = startNs;
  }

  write(identity: Identity): { readonly payload: Buffer; readonly headers?: Headers } {
    const seconds = (identity.plannedNs - this.#startNs) / 1e9;
    const wanted = writerAt(this.#spec, seconds);
    const { version, objection } = this.#registry.admit(wanted);
    if (objection !== undefined) {
      for (const subscription of this.#subscriptions) {
        const reader = readerAt(this.#spec, subscription, seconds);
        this.#record.count({ writer: wanted, reader }, 'rejectedAtPublish', objection);
      }
    }
    return this.#codec.write(identity, version, this.#record);
  }

  recycle(): void {
    // each event has a size of its own
  }

  account(): SchemaAccount {
    return this.#record.account();
  }
}
