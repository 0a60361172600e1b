import protobufjs, { type Type } from 'protobufjs';
import type { SchemaSpec, SchemaVersion } from '../../scenario/index.ts';
import type { Data, Format } from './format.ts';
import { fieldsOf, type OrderFields } from './order.ts';
import { ofEachVersion } from './versions.ts';

const FIELD_LINES: Readonly<Record<string, string>> = {
  orderId: 'string order_id = 1;',
  placedAt: 'int64 placed_at = 2;',
  customer: 'string customer = 3;',
  total: 'int64 total = 4;',
  currency: 'string currency = 5;',
  lines: 'repeated OrderLine lines = 6;',
  channel: 'string channel = 7;',
};

/** The .proto file of a version. A number that is no longer used is reserved, as it should be. */
function protoFile(version: SchemaVersion, breaking: SchemaSpec['breaking']): string {
  const fields = fieldsOf(version, breaking);
  return [
    'syntax = "proto3";',
    'message OrderLine { string sku = 1; int32 quantity = 2; int64 price = 3; }',
    'message OrderPlaced {',
    ...fields.map((field) => FIELD_LINES[field] ?? ''),
    ...(fields.includes('currency') ? [] : ['reserved 5;']),
    '}',
  ].join('\n');
}

function protoType(file: string): Type {
  return protobufjs.parse(file).root.lookupType('OrderPlaced');
}

/** Protobuf (proto3), in which no field is required, and one that is not there is empty. */
export function protobuf({ breaking }: SchemaSpec): Format {
  const types = ofEachVersion((version) => protoType(protoFile(version, breaking)));
  return {
    contentType: 'application/protobuf',
    // proto3 knows no others
    defaults: { channel: '' },
    check: (fields, version) => {
      const wrong = types[version].verify({ ...fields });
      if (wrong !== null) throw new Error(wrong);
    },
    encode: (fields, version) => Buffer.from(types[version].encode(fields).finish()),
    sizeOf: (data) => (data as Buffer).length,
    decode: (data: Data, reader): OrderFields =>
      types[reader].toObject(types[reader].decode(data as Buffer), {
        defaults: true,
        arrays: true,
        longs: Number,
      }),
    objection: (reader, writer) => wireObjection(types[reader], types[writer]),
  };
}

/**
 * What the checkers of registries look for: a number that is used for something else. That a field is missing is no
 * objection to them.
 */
export function wireObjection(reader: Type, writer: Type): string | undefined {
  const clash = reader.fieldsArray.find(({ id, type, repeated }) => {
    const other = writer.fieldsById[id];
    return other !== undefined && (other.type !== type || other.repeated !== repeated);
  });
  if (clash === undefined) return undefined;
  return `number ${clash.id} is ${clash.type} for a reader, and ${writer.fieldsById[clash.id]?.type} for a writer`;
}
