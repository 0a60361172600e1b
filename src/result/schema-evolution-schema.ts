import { z } from 'zod';
import { count } from './phase-schema.ts';

const bytes = z.object({ p50: z.number().nullable(), max: z.number().nullable() });

const time = z.object({
  count,
  p50Us: z.number().nullable(),
  p99Us: z.number().nullable().describe('null where fewer than ten values lie beyond it'),
});

/** What became of events between writers and readers of other versions of their schema. */
export const schemaEvolutionSchema = z.object({
  format: z.enum(['json', 'avro', 'protobuf']),
  envelope: z.enum(['none', 'cloudevents-structured', 'cloudevents-binary']),
  registry: z.enum(['none', 'backward', 'forward', 'full']),
  validated: z.boolean(),
  breaking: z.enum(['removed-field', 'changed-unit']).describe('what v3 does'),
  cells: z
    .array(
      z.object({
        writer: z.enum(['v1', 'v2', 'v3']),
        reader: z.enum(['v1', 'v2']),
        ok: count.describe('read as it was meant'),
        defaulted: count.describe('the reader has the default of a field that the writer did not know'),
        droppedField: count.describe('a field that the reader does not know is gone'),
        rejectedAtPublish: count.describe(
          'a registry refused the version; each of these was written in the one before, and is in its cell too',
        ),
        deadLettered: count.describe('the reader could not read it, and rejected it'),
        silentlyWrong: count.describe('the reader took it, and has something else than was meant'),
        example: z.string().nullable().describe('of the first event of which there was something to say'),
      }),
    )
    .describe('events by the version of their writer and their reader, each once for each subscription'),
  eventBytes: bytes.describe('of the event alone, without envelope, headers and the id of its schema'),
  sentBytes: bytes.describe("with all of them, without mqbench's own 37 bytes"),
  encode: time.describe('µs to write an event, its envelope included'),
  validate: time.describe('µs of each check against the schema, at either side'),
  decode: time.describe('µs to read an event that could be read, its envelope included'),
});
