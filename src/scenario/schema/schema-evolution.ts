import { z } from 'zod';
import { name } from '../../yaml/index.ts';
import { seconds } from './quantities.ts';

const at = seconds('0s', '24h', 'when, from the start of the load, warm-up included', '5s');

/** How events are written, and which versions of their schema there are when. */
export const schemaEvolution = z
  .strictObject({
    format: z.enum(['json', 'avro', 'protobuf']).describe('what events are written in'),
    envelope: z
      .enum(['none', 'cloudevents-structured', 'cloudevents-binary'])
      .default('none')
      .describe(
        'CloudEvents 1.0; structured: the event lies in a JSON document; binary: its attributes are headers',
      ),
    registry: z
      .enum(['none', 'backward', 'forward', 'full'])
      .default('none')
      .describe(
        'what a version must be to be published; backward: new readers read what the version before wrote; forward: old readers read what it writes; full: both',
      ),
    validated: z
      .boolean()
      .default(true)
      .describe('whether writers check each event before they send it, and readers of JSON what they get'),
    breaking: z
      .enum(['removed-field', 'changed-unit'])
      .default('removed-field')
      .describe(
        'what v3 does; removed-field: it has no currency any more; changed-unit: its total is in euros, not in cents',
      ),
    upgrade: z
      .strictObject({
        producers: z
          .array(z.strictObject({ at, to: z.enum(['v1', 'v2', 'v3']) }))
          .max(20)
          .default([])
          .describe('which version they write from when on; v1 before'),
        consumers: z
          .array(
            z.strictObject({
              at,
              of: name('a subscription', ['analytics']),
              to: z.enum(['v1', 'v2']),
            }),
          )
          .max(100)
          .default([])
          .describe('which version those of a subscription read as from when on; v1 before'),
      })
      .describe('v2 adds a field that has a default; v3 breaks'),
  })
  .describe('schema-evolution only: what events are written in, and how their schema changes');
