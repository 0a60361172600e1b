import avsc, { type Schema, type Type } from 'avsc';
import type { ReaderVersion, SchemaSpec, SchemaVersion } from '../../scenario/index.ts';
import type { Format } from './format.ts';
import { DECLARED_DEFAULTS, fieldsOf, type OrderFields } from './order.ts';
import { ofEachVersion, VERSIONS } from './versions.ts';

/** What a registry's serializer writes before the event: a byte of zeros, and the id of the writer's schema, u32. */
const PREFIX_BYTES = 5;

const FIELD_TYPES: Readonly<Record<string, Schema>> = {
  orderId: 'string',
  placedAt: 'long',
  customer: 'string',
  total: 'long',
  currency: 'string',
  lines: {
    type: 'array',
    items: {
      name: 'OrderLine',
      type: 'record',
      fields: [
        { name: 'sku', type: 'string' },
        { name: 'quantity', type: 'int' },
        { name: 'price', type: 'long' },
      ],
    },
  },
  channel: 'string',
};

function avroType(version: SchemaVersion, breaking: SchemaSpec['breaking']): Type {
  return avsc.Type.forSchema({
    name: 'OrderPlaced',
    namespace: 'shop',
    type: 'record',
    fields: fieldsOf(version, breaking).map((name) => ({
      name,
      type: FIELD_TYPES[name] ?? 'null',
      ...(name in DECLARED_DEFAULTS ? { default: DECLARED_DEFAULTS[name] } : {}),
    })),
  });
}

/** Avro, whose reader has the schema of the writer, by the id before the event, and resolves it to its own. */
export function avro({ breaking }: SchemaSpec): Format {
  const types = ofEachVersion((version) => avroType(version, breaking));
  const resolvers = new Map<string, ReturnType<Type['createResolver']>>();
  /** Throws where the one cannot be read as the other. */
  const resolver = (reader: SchemaVersion, writer: SchemaVersion): ReturnType<Type['createResolver']> => {
    const name = `${reader} ${writer}`;
    const known = resolvers.get(name) ?? types[reader].createResolver(types[writer]);
    resolvers.set(name, known);
    return known;
  };
  return {
    contentType: 'application/avro',
    defaults: DECLARED_DEFAULTS,
    check: (fields, version) => {
      types[version].isValid(fields, {
        errorHook: (path, value) => {
          throw new Error(`${path.join('.')} cannot be ${JSON.stringify(value)}`);
        },
      });
    },
    encode: (fields, version) => {
      const prefix = Buffer.alloc(PREFIX_BYTES);
      prefix.writeUInt32BE(1 + VERSIONS.indexOf(version), 1);
      return Buffer.concat([prefix, types[version].toBuffer(fields)]);
    },
    sizeOf: (data) => (data as Buffer).length - PREFIX_BYTES,
    decode: (data, reader: ReaderVersion) => {
      const bytes = data as Buffer;
      const writer = VERSIONS[bytes.readUInt32BE(1) - 1];
      if (bytes[0] !== 0 || writer === undefined) throw new Error('no schema of that id');
      return types[reader].fromBuffer(bytes.subarray(PREFIX_BYTES), resolver(reader, writer)) as OrderFields;
    },
    objection: (reader, writer) => {
      try {
        resolver(reader, writer);
        return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    },
  };
}
