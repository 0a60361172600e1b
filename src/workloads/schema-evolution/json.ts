import { Ajv, type ValidateFunction } from 'ajv';
import type { SchemaSpec, SchemaVersion } from '../../scenario/index.ts';
import type { Data, Format } from './format.ts';
import { DECLARED_DEFAULTS, fieldsOf, type OrderFields } from './order.ts';
import { ofEachVersion } from './versions.ts';

const PROPERTIES: Readonly<Record<string, object>> = {
  orderId: { type: 'string' },
  placedAt: { type: 'integer' },
  customer: { type: 'string' },
  total: { type: 'integer' },
  currency: { type: 'string' },
  lines: {
    type: 'array',
    items: {
      type: 'object',
      properties: { sku: { type: 'string' }, quantity: { type: 'integer' }, price: { type: 'integer' } },
      required: ['sku', 'quantity', 'price'],
    },
  },
  channel: { type: 'string', default: DECLARED_DEFAULTS['channel'] },
};

/** The JSON Schema of a version. Its content is open: what a reader does not know, it ignores. */
export function jsonSchema(version: SchemaVersion, breaking: SchemaSpec['breaking']): JsonSchema {
  const fields = fieldsOf(version, breaking);
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field, PROPERTIES[field] ?? {}])),
    required: fields.filter((field) => !(field in DECLARED_DEFAULTS)),
  };
}

interface JsonSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, object>>;
  readonly required: readonly string[];
}

/** JSON with a JSON Schema, which nothing in JSON itself has anybody look at. */
export function json({ breaking, validated }: SchemaSpec): Format {
  const ajv = new Ajv({ useDefaults: true });
  const schemas = ofEachVersion((version) => jsonSchema(version, breaking));
  const validators = ofEachVersion((version) => ajv.compile(schemas[version]));
  const check = (data: Data, version: SchemaVersion): void => validate(ajv, validators[version], data);
  return {
    contentType: 'application/json',
    defaults: DECLARED_DEFAULTS,
    check,
    encode: (fields) => fields,
    sizeOf: (data) => Buffer.byteLength(JSON.stringify(data)),
    ...(validated ? { admit: check } : {}),
    decode: (data, reader) => {
      const found = data as OrderFields;
      return Object.fromEntries(
        fieldsOf(reader, breaking).map((field) => [field, found[field] ?? DECLARED_DEFAULTS[field]]),
      );
    },
    objection: (reader, writer) => {
      const missing = schemas[reader].required.find((field) => !schemas[writer].required.includes(field));
      return missing === undefined
        ? undefined
        : `"${missing}" is required by a reader of ${reader}, and ${writer} need not have it`;
    },
  };
}

function validate(ajv: Ajv, validator: ValidateFunction, data: Data): void {
  if (!validator(data)) throw new Error(ajv.errorsText(validator.errors, { dataVar: 'event' }));
}
