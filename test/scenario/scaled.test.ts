import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseScenario, scaled, shortened } from '../../src/scenario/index.ts';

const scenario = parseScenario(
  `name: orders
workload: stream
contract: leader-acked
messages: { size: 1KiB }
consumers: { count: 2, changes: [{ at: 8s, do: leave }] }
faults: [{ at: 4s, do: pause, for: 2s }]
load:
  phases:
    - { name: calm, rate: 10/s, for: 4s }
    - { name: rising, rate: { from: 10/s, to: 100/s }, for: 16s }
`,
  'orders.yaml',
);

const deadLetters = parseScenario(
  `name: payments
workload: dead-letter
contract: leader-acked
messages: { size: 1KiB }
failures: { poison: 1% }
retry: { attempts: 3, delay: 500ms }
redrive: { at: 8s }
load: { phases: [{ name: steady, rate: 1/s, for: 10s }] }
`,
  'payments.yaml',
);

test('given a scale, then every phase is so many times as fast, for as long', () => {
  assert.deepEqual(
    scaled(scenario, 3).load.phases.map(({ fromPerSecond, toPerSecond, seconds }) => [
      fromPerSecond,
      toPerSecond,
      seconds,
    ]),
    [
      [30, 30, 4],
      [30, 300, 16],
    ],
  );
});

test('given a load that is too long, then all its times are shortened alike, at the same rates', () => {
  const { load, consumers, faults } = shortened(scenario, 5);
  assert.deepEqual(
    load.phases.map(({ toPerSecond, seconds }) => [toPerSecond, seconds]),
    [
      [10, 1],
      [100, 4],
    ],
  );
  assert.equal(load.shortenedFromSeconds, 20);
  assert.equal(consumers.changes[0]?.atSeconds, 2);
  assert.deepEqual(faults, [{ kind: 'pause', atSeconds: 1, forSeconds: 0.5 }]);
});

test('given dead letters that are sent again, then that is sooner, and their retries as far apart as they were', () => {
  const spec = shortened(deadLetters, 5).deadLetters;
  assert.deepEqual([spec?.redriveAtSeconds, spec?.delayMs], [4, 500]);
});

test('given a load that is short enough, then it is the same', () => {
  assert.equal(shortened(scenario, 20), scenario);
});

test('given versions that come one after the other, then they come sooner', () => {
  const upgrade = parseScenario(
    `name: upgrade
workload: schema-evolution
contract: leader-acked
messages: { size: 1KiB }
schema:
  format: json
  upgrade: { producers: [{ at: 4s, to: v2 }], consumers: [{ at: 8s, of: main, to: v2 }] }
load: { phases: [{ name: steady, rate: 1/s, for: 10s }] }
`,
    'upgrade.yaml',
  );
  const { schema } = shortened(upgrade, 5);
  assert.deepEqual([schema?.producers[0]?.atSeconds, schema?.consumers[0]?.atSeconds], [2, 4]);
});
