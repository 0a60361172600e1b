import assert from 'node:assert/strict';
import { it } from 'node:test';
import { compareSides, DEFAULT_POLICY } from '../../src/compare/index.ts';
import { planSides, type TrialPlan } from '../../src/scenario/index.ts';
import type { TrialResult } from '../../src/result/index.ts';
import { measuredUpTo, resultOf, trialOf } from '../result/fixtures/sample.ts';
import { CALM, STEADY } from './fixtures/campaigns.ts';

it('two sides are planned in turns, with the seed of their repeat', () => {
  const scenario = { name: 'checkout', workload: 'stream' } as TrialPlan['scenario'];
  const sides = { a: { scenario, target: 'kafka' }, b: { scenario, target: 'kafka-kafkajs' } };
  const plans = planSides({ name: 'campaign', seed: 7, repeats: 2 }, sides);
  assert.deepEqual(
    plans.map(({ side, target, repeat, position, seed }) => [side, target, repeat, position, seed]),
    [
      ['a', 'kafka', 1, 1, 7],
      ['b', 'kafka-kafkajs', 1, 2, 7],
      ['b', 'kafka-kafkajs', 2, 3, 8],
      ['a', 'kafka', 2, 4, 8],
    ],
  );
});

function sideOf(side: 'a' | 'b', factor: number, changes: Partial<TrialResult> = {}): readonly TrialResult[] {
  return STEADY.map((us, index) =>
    trialOf({ side, repeat: index + 1, measured: measuredUpTo(us * factor), ...changes }),
  );
}

it('the sides of one campaign are compared within the tolerance as it is stated, whatever they were to differ in', () => {
  const client = { ...trialOf().client, name: 'kafkajs' };
  const trials = [...sideOf('a', 1), ...sideOf('b', 1.3, { target: 'kafka-kafkajs', client })];
  const result = resultOf(trials, {
    scenarios: [{ name: 'checkout' }, { name: 'checkout' }],
    canary: { before: CALM, after: CALM },
  });
  const { rows, interleaved, outcome, notes } = compareSides(result, DEFAULT_POLICY);
  const gated = rows.filter(({ tolerance }) => tolerance !== null);
  assert.deepEqual(
    gated.map(({ verdict, scenario, target, tolerance }) => [verdict, scenario, target, tolerance]),
    [['regressed', 'checkout', 'kafka → kafka-kafkajs', 0.1]],
  );
  assert.deepEqual([interleaved, outcome], [true, 'failed']);
  assert.deepEqual(notes, [
    'checkout on kafka → kafka-kafkajs: another client: name @platformatic/kafka, then kafkajs (allowed)',
  ]);
});

it('a side without trials vanished', () => {
  const result = resultOf(sideOf('a', 1), { scenarios: [{ name: 'checkout' }] });
  const { failures, outcome } = compareSides(result, DEFAULT_POLICY);
  assert.equal(outcome, 'failed');
  assert.deepEqual(
    [failures[0]?.kind, failures[0]?.scenario, failures[0]?.target],
    ['vanished', 'checkout', 'kafka'],
  );
});
