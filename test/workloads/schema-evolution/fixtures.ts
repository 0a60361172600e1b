import { emptyIdentity, type Identity } from '../../../src/load/index.ts';
import { SchemaRecord, type SchemaOutcome } from '../../../src/measure/index.ts';
import type { ReaderVersion, SchemaSpec, SchemaVersion } from '../../../src/scenario/index.ts';
import { EventCodec } from '../../../src/workloads/schema-evolution/codec.ts';
import { Reading } from '../../../src/workloads/schema-evolution/reading.ts';

export const FORMATS = ['json', 'avro', 'protobuf'] as const;
export const ENVELOPES = ['none', 'cloudevents-structured', 'cloudevents-binary'] as const;
export const SEED = 5;

export function specOf(changes: Partial<SchemaSpec> = {}): SchemaSpec {
  return {
    format: 'json',
    envelope: 'none',
    registry: 'none',
    validated: true,
    breaking: 'removed-field',
    producers: [],
    consumers: [],
    ...changes,
  };
}

export function identityOf(sequence: number): Identity {
  return { ...emptyIdentity(), run: 7, key: sequence % 100, sequence };
}

/** What became of 20 events of a version at a reader of another: one outcome, or the test has found two. */
export async function outcomesOf(
  spec: SchemaSpec,
  writer: SchemaVersion,
  reader: ReaderVersion,
): Promise<readonly SchemaOutcome[]> {
  const codec = await EventCodec.open(spec, SEED);
  const upgraded = { ...spec, consumers: [{ atSeconds: 0, subscription: 'main', to: reader }] };
  const reading = new Reading('main', upgraded, 1, codec);
  reading.start(0);
  for (let sequence = 0; sequence < 20; sequence++) {
    const identity = identityOf(sequence);
    const message = { redelivered: false, ...codec.write(identity, writer, new SchemaRecord()) };
    reading.settle(identity, message, 0);
  }
  return reading
    .schema()
    .cells.flatMap(({ counts }) =>
      Object.entries(counts).flatMap(([outcome, count]) => (count > 0 ? [outcome as SchemaOutcome] : [])),
    );
}
