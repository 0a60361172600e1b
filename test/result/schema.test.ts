import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { schemaFiles } from '../../scripts/write-schemas.ts';
import { resultSchema, type Result } from '../../src/result/index.ts';
import { resultOf, trialOf } from './fixtures/sample.ts';

type Json = Record<string, unknown>;

/** A result as it lies in the file, with one thing changed. */
function broken(change: (result: Json, trial: Json) => void): unknown {
  const result = JSON.parse(JSON.stringify(resultOf([trialOf()]))) as Json & { trials: [Json] };
  change(result, result.trials[0]);
  return result;
}

/** Reads it with nothing but schemas/result.schema.json, as other tools do. */
function acceptedElsewhere(value: unknown): boolean {
  const schema = JSON.parse(schemaFiles().get('result.schema.json') ?? '{}') as Parameters<
    typeof z.fromJSONSchema
  >[0];
  return z.fromJSONSchema(schema).safeParse(value).success;
}

const WRONG: readonly (readonly [string, (result: Json, trial: Json) => void, string])[] = [
  ['of another version', (result) => (result['schema'] = 'mqbench/result@2'), 'schema'],
  ['without a host', (result) => delete result['host'], 'host'],
  ['with half a trial', (_, trial) => delete trial['ledger'], 'trials.0.ledger'],
  ['with an unknown verdict', (_, trial) => (trial['verdict'] = 'fine'), 'trials.0.verdict'],
  ['with a count below zero', (_, trial) => (trial['unsent'] = -1), 'trials.0.unsent'],
  ['with a fraction of a message', (_, trial) => (trial['unsent'] = 0.5), 'trials.0.unsent'],
  ['counting its trials from zero', (_, trial) => (trial['position'] = 0), 'trials.0.position'],
  [
    'with a contract that nobody knows',
    (_, trial) => ((trial['contract'] as Json)['effective'] = 'at-most-once'),
    'trials.0.contract.effective',
  ],
  [
    'with a rate that is no number, as JSON writes NaN',
    (_, trial) => ((trial['measured'] as Json)['deliveredRate'] = null),
    'trials.0.measured.deliveredRate',
  ],
  [
    'with a latency below zero',
    (_, trial) => (((trial['intervals'] as Json[])[1] ??= {})['endToEndP50Us'] = -1),
    'trials.0.intervals.1.endToEndP50Us',
  ],
];

describe('the schema of a result', () => {
  it('accepts a whole result, and drops nothing of it', () => {
    const result: Result = resultOf([trialOf()]);
    assert.deepEqual(resultSchema.parse(JSON.parse(JSON.stringify(result))), result);
    assert.ok(acceptedElsewhere(JSON.parse(JSON.stringify(result))));
  });

  for (const [what, change, place] of WRONG) {
    it(`refuses one ${what}, and names the place`, () => {
      const { error } = resultSchema.safeParse(broken(change));
      assert.deepEqual(
        error?.issues.map((issue) => issue.path.join('.')),
        [place],
      );
      assert.equal(acceptedElsewhere(broken(change)), false);
    });
  }

  it('leaves room for fields that a later version adds', () => {
    const later = broken((result, trial) => {
      result['comment'] = 'after the upgrade';
      trial['temperature'] = 42;
    });
    assert.ok(resultSchema.safeParse(later).success);
    assert.ok(acceptedElsewhere(later));
  });
});
