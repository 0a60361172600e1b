import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matrixPage } from '../../scripts/scenario-matrix.ts';
import { resultOf, trialOf } from '../result/fixtures/sample.ts';

const named = (...names: readonly string[]) => names.map((name) => ({ name }));
const lost = { check: 'ledger.lost == 0', value: 3, bound: 0, unit: 'count', passed: false };
const slow = { check: 'endToEnd.p99 <= 100ms', value: 250_000, bound: 100_000, unit: 'us', passed: false };
const CUT = { seconds: 30, complete: false };
const piled = { check: 'backlog.peak <= 10', value: 11, bound: 10, unit: 'count', passed: false };

test('given campaigns of several targets, then the page has a cell for each pair, and why it did not run', () => {
  const page = matrixPage(
    [
      resultOf(
        [
          trialOf({ scenario: 'sale', target: 'kafka', checks: [slow, piled], verdict: 'overloaded' }),
          trialOf({ scenario: 'orders', target: 'kafka', checks: [lost], verdict: 'incorrect' }),
          trialOf({ scenario: 'soak', target: 'kafka', checks: [lost], verdict: 'overloaded', drain: CUT }),
        ],
        { scenarios: named('sale', 'orders', 'soak', 'calm') },
      ),
      resultOf(
        [trialOf({ scenario: 'sale', target: 'sqs', verdict: 'incorrect', warnings: ['2 corrupt'] })],
        {
          scenarios: named('sale', 'orders', 'soak'),
          refusals: [{ scenario: 'orders', target: 'sqs', reason: 'no fan-out' }],
          failures: [{ scenario: 'soak', target: 'sqs', repeat: 1, position: 3, side: null, error: 'gone' }],
        },
      ),
    ],
    'About it.',
  );
  const rows = page.split('\n').filter((line) => line.startsWith('| '));
  assert.deepEqual(rows, [
    '| scenario | kafka | sqs |',
    '| *ran on* | Apache Kafka 4.1.0 | Apache Kafka 4.1.0 |',
    '| calm | not run | not run |',
    '| orders | broken [1](#notes) | refused [2](#notes) |',
    '| sale | ran | broken [3](#notes) |',
    '| soak | unfinished | failed [4](#notes) |',
  ]);
  assert.match(page, /1\. ledger\.lost == 0, and it is 3\n2\. no fan-out\n3\. 2 corrupt\n4\. gone\n/);
});
