import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SchemaOutcome } from '../../../src/measure/index.ts';
import type { SchemaSpec } from '../../../src/scenario/index.ts';
import { orderOf, written } from '../../../src/workloads/schema-evolution/order.ts';
import { outcomeOf } from '../../../src/workloads/schema-evolution/outcome.ts';
import { ENVELOPES, FORMATS, identityOf, outcomesOf, specOf } from './fixtures.ts';

/** Who finds out that v3 has no currency any more. */
const REMOVED: readonly (readonly [string, Partial<SchemaSpec>, SchemaOutcome])[] = [
  ['JSON that nobody checks', { format: 'json', validated: false }, 'silentlyWrong'],
  ['JSON that is checked', { format: 'json' }, 'deadLettered'],
  ['Avro', { format: 'avro' }, 'deadLettered'],
  ['Avro whose writer checks nothing', { format: 'avro', validated: false }, 'deadLettered'],
  ['Protobuf', { format: 'protobuf' }, 'silentlyWrong'],
];

describe('versions of an event', () => {
  for (const format of FORMATS) {
    for (const envelope of ENVELOPES) {
      it(`in ${format}, envelope ${envelope}: v1 and v2 live with each other`, async () => {
        const spec = specOf({ format, envelope });
        assert.deepEqual(await outcomesOf(spec, 'v1', 'v1'), ['ok']);
        assert.deepEqual(await outcomesOf(spec, 'v1', 'v2'), ['defaulted']);
        assert.deepEqual(await outcomesOf(spec, 'v2', 'v1'), ['droppedField']);
        assert.deepEqual(await outcomesOf(spec, 'v2', 'v2'), ['ok']);
      });

      it(`in ${format}, envelope ${envelope}: nobody notices another unit`, async () => {
        const spec = specOf({ format, envelope, breaking: 'changed-unit' });
        assert.deepEqual(await outcomesOf(spec, 'v3', 'v1'), ['silentlyWrong']);
        assert.deepEqual(await outcomesOf(spec, 'v3', 'v2'), ['silentlyWrong']);
      });
    }
  }

  for (const [what, changes, outcome] of REMOVED) {
    for (const envelope of ENVELOPES) {
      it(`in ${what}, envelope ${envelope}: a field that is gone is ${outcome}`, async () => {
        const spec = specOf({ ...changes, envelope });
        assert.deepEqual(await outcomesOf(spec, 'v3', 'v1'), [outcome]);
        assert.deepEqual(await outcomesOf(spec, 'v3', 'v2'), [outcome]);
      });
    }
  }
});

describe('the outcome of reading', () => {
  const order = orderOf(identityOf(1), 1);
  const v1 = written(order, 'v1', 'removed-field');
  const versions = {
    writes: ['orderId', 'total', 'lines'],
    reads: ['orderId', 'total', 'lines'],
    defaults: { channel: 'unknown' },
  } as const;

  it('is ok for the same fields, whatever class a decoder makes them of', () => {
    const lines = order.lines.map((line) => Object.assign(Object.create({ made: 'here' }), line));
    assert.equal(outcomeOf(order, { ...v1, lines }, versions).outcome, 'ok');
  });

  it('is silently wrong for a value that differs, in a list or a type too, and says which', () => {
    assert.deepEqual(outcomeOf(order, { ...v1, total: order.total + 1 }, versions), {
      outcome: 'silentlyWrong',
      example: `total is ${order.total + 1} instead of ${order.total}`,
    });
    for (const view of [
      { ...v1, total: String(order.total) },
      { ...v1, lines: [] },
      { ...v1, lines: order.lines.map((line) => ({ ...line, quantity: 0 })) },
      { ...v1, lines: undefined },
    ]) {
      assert.equal(outcomeOf(order, view, versions).outcome, 'silentlyWrong');
    }
  });

  it('is defaulted only for a declared default of a field that was not written', () => {
    const reads = [...versions.reads, 'channel'] as const;
    const view = { ...v1, channel: 'unknown' };
    assert.equal(outcomeOf(order, view, { ...versions, reads }).outcome, 'defaulted');
    const invented = { ...v1, channel: '' };
    assert.equal(outcomeOf(order, invented, { ...versions, reads }).outcome, 'silentlyWrong');
    const lost = { ...versions, reads, writes: reads };
    assert.equal(outcomeOf(order, view, lost).outcome, 'silentlyWrong');
  });
});
