import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deadLetterLines } from '../../src/report/dead-letters.ts';
import { schemaLines, schemaSection } from '../../src/report/schema-evolution.ts';
import { groupTrials } from '../../src/report/summary.ts';
import type { TrialResult } from '../../src/result/index.ts';
import { resultOf, trialOf } from '../result/fixtures/sample.ts';

type SchemaEvolution = NonNullable<TrialResult['schemaEvolution']>;
type Cell = SchemaEvolution['cells'][number];

function cellOf(writer: Cell['writer'], reader: Cell['reader'], counts: Partial<Cell>): Cell {
  const none = { ok: 0, defaulted: 0, droppedField: 0 };
  const ill = { rejectedAtPublish: 0, deadLettered: 0, silentlyWrong: 0 };
  return { writer, reader, ...none, ...ill, example: null, ...counts };
}

const MISSING = 'no matching field for default-less shop.OrderPlaced.currency';

const FOUND: SchemaEvolution = {
  format: 'avro',
  envelope: 'cloudevents-binary',
  registry: 'backward',
  validated: true,
  breaking: 'removed-field',
  cells: [
    cellOf('v1', 'v1', { ok: 1200 }),
    cellOf('v1', 'v2', { defaulted: 1200, example: 'channel is "unknown" instead of "web"' }),
    cellOf('v3', 'v1', { deadLettered: 900, example: MISSING }),
    cellOf('v3', 'v2', { deadLettered: 900, example: MISSING }),
  ],
  eventBytes: { p50: 65, max: 102 },
  sentBytes: { p50: 180, max: 217 },
  encode: { count: 2100, p50Us: 1.64, p99Us: 23.4 },
  validate: { count: 2100, p50Us: 0.12, p99Us: 1 },
  decode: { count: 2400, p50Us: 9.96, p99Us: null },
};

const [GROUP] = groupTrials(resultOf([trialOf({ schemaEvolution: FOUND })]));

describe('what became of events, in words', () => {
  it('is a line of the versions, one of what an event costs, and why it was refused, once', () => {
    assert.ok(GROUP !== undefined);
    assert.deepEqual(schemaLines(GROUP), [
      'kafka: avro, cloudevents-binary, registry backward, v3 removed-field: v1 as v1 1,200 ok; v1 as v2 1,200 defaulted; v3 as v1 900 dead-lettered; v3 as v2 900 dead-lettered',
      'kafka: an event is 65 bytes (p50), 180 as sent; µs p50/p99: encode 1.6/23, validate 0.1/1.0, decode 10/-',
      `kafka: v3 dead-lettered, the first: ${MISSING}`,
    ]);
  });

  it('is a matrix and a table of costs in report.md', () => {
    assert.ok(GROUP !== undefined);
    const rows = schemaSection([GROUP]).filter((line) => line.startsWith('|'));
    assert.deepEqual(rows, [
      '| trial | target | written as | read as v1 | read as v2 |',
      rows[1],
      '| 1 | kafka | v1 | 1,200 ok | 1,200 defaulted |',
      '| 1 | kafka | v3 | 900 dead-lettered | 900 dead-lettered |',
      '| trial | target | events as | event bytes p50 / max | sent bytes p50 / max | encode µs p50 / p99 | validate µs p50 / p99 | decode µs p50 / p99 |',
      rows[5],
      '| 1 | kafka | avro, cloudevents-binary, registry backward, v3 removed-field | 65 / 102 | 180 / 217 | 1.6 / 23 | 0.1 / 1.0 | 10 / - |',
    ]);
  });

  it('tells a registry that refused, and that nobody checked', () => {
    const refused = { rejectedAtPublish: 900, example: 'v3 is not full: no currency' };
    const cells = [cellOf('v3', 'v1', refused), cellOf('v3', 'v2', refused)];
    const [group] = groupTrials(
      resultOf([trialOf({ schemaEvolution: { ...FOUND, cells, validated: false, envelope: 'none' } })]),
    );
    assert.ok(group !== undefined);
    const [versions, , reason, ...rest] = schemaLines(group);
    assert.equal(
      versions,
      'kafka: avro unvalidated, registry backward, v3 removed-field: v3 as v1 900 rejected at publish; v3 as v2 900 rejected at publish',
    );
    assert.equal(reason, 'kafka: rejected at publish, the first: v3 is not full: no currency');
    assert.deepEqual(rest, []);
  });

  it('is nothing for another workload', () => {
    const [group] = groupTrials(resultOf([trialOf()]));
    assert.ok(group !== undefined);
    assert.deepEqual([schemaLines(group), schemaSection([group]), deadLetterLines(group)], [[], [], []]);
  });
});
