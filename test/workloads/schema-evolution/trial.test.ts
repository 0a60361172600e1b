import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SCHEMA_OUTCOMES } from '../../../src/measure/index.ts';
import type { TrialResult } from '../../../src/result/index.ts';
import type { SchemaSpec } from '../../../src/scenario/index.ts';
import { trialOnMemory } from '../../run/fixtures/on-memory.ts';
import { phase, scenarioOf } from '../../run/fixtures/scenario.ts';
import { specOf } from './fixtures.ts';

const UPGRADE: Partial<SchemaSpec> = {
  format: 'avro',
  producers: [
    { atSeconds: 0.4, to: 'v2' },
    { atSeconds: 0.8, to: 'v3' },
  ],
  consumers: [{ atSeconds: 0, subscription: 'analytics', to: 'v2' }],
};

/** 240 events in 1.2 s: 80 of each version. */
async function upgrade(changes: Partial<SchemaSpec>, faults: object = {}): Promise<TrialResult> {
  const scenario = scenarioOf({
    workload: 'schema-evolution',
    schema: specOf({ ...UPGRADE, ...changes }),
    deadLetters: {
      shares: { transient: 0, poison: 0, malformed: 0 },
      failingAttempts: 1,
      maxAttempts: 3,
      delayMs: 100,
      redriveAtSeconds: undefined,
    },
    messages: { sizeBytes: 1024, keys: { distribution: 'uniform', count: 50 } },
    topology: { partitions: 2, subscriptions: ['billing', 'analytics'] },
    load: { arrivals: 'uniform', phases: [phase('upgrade', 200, 1.2)] },
    drain: { timeoutSeconds: 8, quietSeconds: 0.3 },
  });
  return trialOnMemory(scenario, faults);
}

/** `v1 as v1: 80 ok`, one a cell. */
function told({ schemaEvolution }: TrialResult): readonly string[] {
  assert.ok(schemaEvolution !== null);
  return schemaEvolution.cells.map((cell) => {
    const counts = SCHEMA_OUTCOMES.filter((outcome) => cell[outcome] > 0).map(
      (outcome) => `${cell[outcome]} ${outcome}`,
    );
    return `${cell.writer} as ${cell.reader}: ${counts.join(', ')}`;
  });
}

describe('a rolling upgrade', () => {
  it('comes to an outcome for each of six cells, and what could not be read is found in the dead letters', async () => {
    const trial = await upgrade({});
    assert.deepEqual(told(trial), [
      'v1 as v1: 80 ok',
      'v1 as v2: 80 defaulted',
      'v2 as v1: 80 droppedField',
      'v2 as v2: 80 ok',
      'v3 as v1: 80 deadLettered',
      'v3 as v2: 80 deadLettered',
    ]);
    const { deadLetters, ledger, schemaEvolution } = trial;
    assert.deepEqual([deadLetters?.givenUp, deadLetters?.found, deadLetters?.missing], [160, 160, 0]);
    assert.deepEqual([ledger.delivered, ledger.lost, ledger.corrupt, ledger.deadLettered], [480, 0, 0, 160]);
    assert.notEqual(trial.verdict, 'incorrect');
    assert.match(
      schemaEvolution?.cells.at(-1)?.example ?? '',
      /no matching field for default-less .*currency/,
    );
    assert.deepEqual(
      [schemaEvolution?.encode.count, schemaEvolution?.validate.count, schemaEvolution?.decode.count],
      // what cannot be read is not decoded
      [240, 240, 320],
    );
    assert.ok((schemaEvolution?.encode.p50Us ?? 0) > 0 && (schemaEvolution?.decode.p50Us ?? 0) > 0);
  });

  it('with a registry: goes on in the version before, and has no dead letter', async () => {
    const trial = await upgrade({ registry: 'full' });
    assert.deepEqual(told(trial), [
      'v1 as v1: 80 ok',
      'v1 as v2: 80 defaulted',
      'v2 as v1: 160 droppedField',
      'v2 as v2: 160 ok',
      'v3 as v1: 80 rejectedAtPublish',
      'v3 as v2: 80 rejectedAtPublish',
    ]);
    assert.deepEqual([trial.deadLetters?.givenUp, trial.ledger.deadLettered], [0, 0]);
  });

  it('has consumers that are upgraded while events come', async () => {
    const trial = await upgrade({
      producers: [],
      consumers: [{ atSeconds: 0.6, subscription: 'analytics', to: 'v2' }],
    });
    const [asV1, asV2] = trial.schemaEvolution?.cells ?? [];
    assert.equal((asV1?.ok ?? 0) + (asV2?.defaulted ?? 0), 480);
    // when it comes, and not when it was sent
    const upgraded = asV2?.defaulted ?? 0;
    assert.ok(upgraded >= 100 && upgraded <= 140, String(upgraded));
  });

  it('counts an event once, however often it is delivered; and what is lost in no cell', async () => {
    const trial = await upgrade({}, { duplicates: 0.1, loss: 0.05 });
    const { ledger, schemaEvolution } = trial;
    const counted = (schemaEvolution?.cells ?? []).reduce(
      (sum, cell) => sum + SCHEMA_OUTCOMES.reduce((total, outcome) => total + cell[outcome], 0),
      0,
    );
    assert.ok(ledger.duplicates > 5 && ledger.lost > 5);
    assert.equal(counted, ledger.delivered);
    assert.equal(counted, 480 - ledger.lost);
  });
});
