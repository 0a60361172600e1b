import { SchemaRecord } from '../measure/index.ts';
import type { TrialResult } from '../result/index.ts';
import type { TrialRecord } from './trial.ts';

type SchemaEvolution = NonNullable<TrialResult['schemaEvolution']>;

/** What became of the events, over all agents; null for another workload. */
export function schemaEvolutionOf({ plan, reports }: TrialRecord): TrialResult['schemaEvolution'] {
  const { schema: spec } = plan.scenario;
  if (spec === undefined) return null;
  const record = new SchemaRecord();
  for (const { schema } of reports) if (schema !== undefined) record.add(schema);
  const { eventBytes, sentBytes, encodeNs, validateNs, decodeNs } = record.figures;
  const { format, envelope, registry, validated, breaking } = spec;
  return {
    format,
    envelope,
    registry,
    validated,
    breaking,
    cells: record.cells.map(({ writer, reader, counts, example }) => ({
      writer,
      reader,
      ...counts,
      example: example ?? null,
    })),
    eventBytes: sizes(eventBytes),
    sentBytes: sizes(sentBytes),
    encode: times(encodeNs),
    validate: times(validateNs),
    decode: times(decodeNs),
  };
}

type Figure = SchemaRecord['figures']['encodeNs'];

function sizes(figure: Figure): SchemaEvolution['eventBytes'] {
  return { p50: figure.quantile(0.5), max: figure.max };
}

function times(figure: Figure): SchemaEvolution['encode'] {
  const us = (quantile: number): number | null => {
    const ns = figure.quantile(quantile);
    return ns === null ? null : ns / 1000;
  };
  return { count: figure.count, p50Us: us(0.5), p99Us: us(0.99) };
}
