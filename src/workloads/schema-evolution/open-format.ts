import type { SchemaSpec } from '../../scenario/index.ts';
import type { Format } from './format.ts';

/** Loads what the format needs, and it alone. */
export async function openFormat(spec: SchemaSpec): Promise<Format> {
  switch (spec.format) {
    case 'json':
      return (await import('./json.ts')).json(spec);
    case 'avro':
      return (await import('./avro.ts')).avro(spec);
    case 'protobuf':
      return (await import('./protobuf.ts')).protobuf(spec);
  }
}
