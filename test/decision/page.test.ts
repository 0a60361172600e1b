import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseDecision } from '../../src/decision/decision-reader.ts';
import { gatherEvidence } from '../../src/decision/evidence.ts';
import { decisionPage, matrixJson } from '../../src/decision/index.ts';
import { weigh } from '../../src/decision/matrix.ts';
import { assertGolden } from '../golden/golden.ts';
import { measuredUpTo, resultOf, trialOf } from '../result/fixtures/sample.ts';

const text = (name: string): string =>
  readFileSync(new URL(`fixtures/${name}.yaml`, import.meta.url), 'utf8');

/** p99 of three trials each, in ms. */
const P99 = { kafka: [4, 6, 5], rabbitmq: [9, 9, 12], nats: [2, 2, 3] };

const results = [
  resultOf(
    Object.entries(P99).flatMap(([target, each]) =>
      each.map((p99, index) => {
        const { contract, server } = trialOf();
        return trialOf({
          target,
          repeat: index + 1,
          server: { ...server, product: target },
          measured: measuredUpTo((p99 * 1000) / 0.99),
          ...(target === 'rabbitmq'
            ? {
                contract: {
                  ...contract,
                  relation: 'exceeds',
                  effective: 'replicated-fsynced-acked',
                } as const,
              }
            : {}),
        });
      }),
    ),
    { scenarios: [{ name: 'checkout' }] },
  ),
];
const shop = parseDecision(text('shop'), 'shop.yaml');
const matrix = weigh(shop, gatherEvidence(shop, results, undefined));

test('a decision on measured, documented, judged and unknown scores is decision-shop.md', async () => {
  await assertGolden('decision-shop.md', decisionPage(matrix, '2025-01-03'));
});

test('the published matrix, imported, is decision-published.md', async () => {
  const published = parseDecision(text('published'), 'published.yaml');
  await assertGolden(
    'decision-published.md',
    decisionPage(weigh(published, gatherEvidence(published, [], undefined)), '2025-08-12'),
  );
});

test('the same inputs give the same bytes', () => {
  const again = weigh(
    parseDecision(text('shop'), 'shop.yaml'),
    gatherEvidence(shop, results.toReversed(), undefined),
  );
  assert.equal(decisionPage(again, '2025-01-03'), decisionPage(matrix, '2025-01-03'));
  assert.deepEqual(matrixJson(again, '2025-01-03'), matrixJson(matrix, '2025-01-03'));
});

test('an option that does not have what it must is out, and weighs on no other', () => {
  const nats = matrix.options.find(({ id }) => id === 'nats');
  assert.deepEqual(nats?.vetoes, [{ criterion: 2, passing: 0 }]);
  assert.ok(!matrix.ranking.includes('nats'));
  assert.ok(matrix.options.every(({ dominatedBy }) => !dominatedBy.includes('nats')));
});

test('what nobody knows makes a range, and no zero', () => {
  const sqs = matrix.options.find(({ id }) => id === 'sqs');
  assert.ok(sqs !== undefined);
  const [low, high] = sqs.range;
  assert.ok(low < sqs.total && sqs.total < high);
  const weight = matrix.criteria[1]?.weight ?? 0;
  assert.ok(Math.abs(high - low - weight) < 1e-12);
});
