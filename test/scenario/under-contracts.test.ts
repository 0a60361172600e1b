import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseScenario, planTrials, underContracts } from '../../src/scenario/index.ts';

const scenario = parseScenario(
  `name: orders
workload: stream
contract: replicated-acked
messages: { size: 1KiB }
load: { phases: [{ name: steady, rate: 1/s, for: 1s }] }
`,
  'orders.yaml',
);

test('given one contract, then the scenario keeps its name', () => {
  assert.deepEqual(underContracts(scenario, ['leader-acked']), [{ ...scenario, contract: 'leader-acked' }]);
});

test('given several contracts, then each is a scenario of its own name, and nothing else differs', () => {
  assert.deepEqual(underContracts(scenario, ['leader-acked', 'fsynced-acked']), [
    { ...scenario, name: 'orders-leader-acked', contract: 'leader-acked' },
    { ...scenario, name: 'orders-fsynced-acked', contract: 'fsynced-acked' },
  ]);
});

test('given two contracts and repeats, then the order of the trials is turned round in every other repeat', () => {
  const scenarios = underContracts(scenario, ['leader-acked', 'fsynced-acked']);
  const plans = planTrials({ scenarios, targets: ['a', 'b'], repeats: 2, seed: 1, name: 'test' });
  assert.deepEqual(
    plans.map((plan) => [plan.repeat, plan.scenario.contract, plan.target]),
    [
      [1, 'leader-acked', 'a'],
      [1, 'leader-acked', 'b'],
      [1, 'fsynced-acked', 'a'],
      [1, 'fsynced-acked', 'b'],
      [2, 'fsynced-acked', 'b'],
      [2, 'fsynced-acked', 'a'],
      [2, 'leader-acked', 'b'],
      [2, 'leader-acked', 'a'],
    ],
  );
});
