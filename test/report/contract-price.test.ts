import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contractPrices } from '../../src/report/contract-price.ts';
import { resultOf, trialOf } from '../result/fixtures/sample.ts';

test('given trials at rates that a capacity was looked for at, then none is the price of another', () => {
  const trials = [trialOf({ scenario: 'checkout-1000' }), trialOf({ scenario: 'checkout-500' })];
  assert.deepEqual(contractPrices(resultOf(trials, { scenarios: [{ name: 'checkout' }] })), []);
});
