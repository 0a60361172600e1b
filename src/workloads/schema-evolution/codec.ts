import { nowNs } from '../../clock/index.ts';
import type { Headers, ReceivedMessage } from '../../drivers/index.ts';
import { IDENTITY_BYTES, readIdentity, writeIdentity, type Identity } from '../../load/index.ts';
import type { SchemaRecord } from '../../measure/index.ts';
import type { ReaderVersion, SchemaSpec, SchemaVersion } from '../../scenario/index.ts';
import { openEnvelope, type Envelope, type Sent } from './envelope.ts';
import type { Format } from './format.ts';
import { openFormat } from './open-format.ts';
import { fieldsOf, orderOf, written, type Order, type OrderFields } from './order.ts';
import type { Versions } from './outcome.ts';
import { VERSIONS } from './versions.ts';

/** After the identity comes the writer's version, so that it is known of an event that nobody can read; then the event. */
const OWN_BYTES = IDENTITY_BYTES + 1;

/** Writes events into messages and reads them from there, in the format and the envelope of a scenario. */
export class EventCodec {
  readonly #spec: SchemaSpec;
  readonly #seed: number;
  readonly format: Format;
  readonly #envelope: Envelope;

  private constructor(spec: SchemaSpec, seed: number, format: Format, envelope: Envelope) {
    this.#spec = spec;
    this.#seed = seed;
    this.format = format;
    this.#envelope = envelope;
  }

  static async open(spec: SchemaSpec, seed: number): Promise<EventCodec> {
    const format = await openFormat(spec);
    return new EventCodec(spec, seed, format, await openEnvelope(spec, format));
  }

  /** @param record where its sizes and times go */
  write(
    identity: Identity,
    version: SchemaVersion,
    { figures }: Pick<SchemaRecord, 'figures'>,
  ): { readonly payload: Buffer; readonly headers?: Headers } {
    const order = this.orderOf(identity);
    const fields = written(order, version, this.#spec.breaking);
    const beginNs = nowNs();
    if (this.#spec.validated) this.format.check(fields, version);
    const checkedNs = nowNs();
    const sent = this.#send(order, fields, version);
    const encodedNs = nowNs();
    if (this.#spec.validated) figures.validateNs.record(checkedNs - beginNs);
    figures.encodeNs.record(encodedNs - checkedNs);
    figures.eventBytes.record(this.format.sizeOf(this.format.encode(fields, version)));
    figures.sentBytes.record(sent.body.length + headerBytes(sent.headers));
    return framed(identity, version, sent);
  }

  /** Fills in the identity of a message that came back as it was written, to the last byte and header. */
  isIntact({ payload, headers }: ReceivedMessage, identity: Identity): boolean {
    const version = VERSIONS[payload[IDENTITY_BYTES] ?? VERSIONS.length];
    if (version === undefined || !readIdentity(payload, identity)) return false;
    const order = this.orderOf(identity);
    const sent = this.#send(order, written(order, version, this.#spec.breaking), version);
    if (!framed(identity, version, sent).payload.equals(payload)) return false;
    return Object.entries(sent.headers ?? {}).every(([name, value]) => headers?.[name] === value);
  }

  /** The version that an intact message was written in. */
  versionOf({ payload }: ReceivedMessage): SchemaVersion {
    return VERSIONS[payload[IDENTITY_BYTES] ?? 0] ?? 'v1';
  }

  /**
   * @param record where its times go
   * @throws Error where it cannot be read as that version
   */
  read(
    { payload, headers }: ReceivedMessage,
    reader: ReaderVersion,
    { figures }: Pick<SchemaRecord, 'figures'>,
  ): OrderFields {
    const beginNs = nowNs();
    const data = this.#envelope.unwrap({ body: payload.subarray(OWN_BYTES), headers });
    const openedNs = nowNs();
    this.format.admit?.(data, reader);
    const admittedNs = nowNs();
    const fields = this.format.decode(data, reader);
    const decodedNs = nowNs();
    if (this.format.admit !== undefined) figures.validateNs.record(admittedNs - openedNs);
    figures.decodeNs.record(openedNs - beginNs + decodedNs - admittedNs);
    return fields;
  }

  orderOf(identity: Identity): Order {
    return orderOf(identity, this.#seed);
  }

  /** What an outcome is judged by. */
  versionsOf(writer: SchemaVersion, reader: ReaderVersion): Versions {
    const { breaking } = this.#spec;
    return {
      writes: fieldsOf(writer, breaking),
      reads: fieldsOf(reader, breaking),
      defaults: this.format.defaults,
    };
  }

  #send({ orderId, placedAt }: Order, fields: OrderFields, version: SchemaVersion): Sent {
    return this.#envelope.wrap(this.format.encode(fields, version), { id: orderId, version, placedAt });
  }
}

function framed(
  identity: Identity,
  version: SchemaVersion,
  { body, headers }: Sent,
): { readonly payload: Buffer; readonly headers?: Headers } {
  const payload = Buffer.allocUnsafeSlow(OWN_BYTES + body.length);
  writeIdentity(identity, payload);
  payload[IDENTITY_BYTES] = VERSIONS.indexOf(version);
  body.copy(payload, OWN_BYTES);
  return headers === undefined ? { payload } : { payload, headers };
}

function headerBytes(headers: Headers | undefined): number {
  return Object.entries(headers ?? {}).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  );
}
