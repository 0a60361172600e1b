import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holm } from '../../src/stats/index.ts';

test('the smallest is multiplied by all, the next by one less, and none is smaller than one before it', () => {
  const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
  for (const [index, expected] of [0.03, 0.06, 0.06, 0.02].entries())
    assert.ok(Math.abs((adjusted[index] ?? 0) - expected) < 1e-12, `${adjusted[index]} is not ${expected}`);
});

test('none is over 1, and one alone stays what it is', () => {
  assert.deepEqual(holm([0.6, 0.7, 0.8]), [1, 1, 1]);
  assert.deepEqual(holm([0.2]), [0.2]);
  assert.deepEqual(holm([]), []);
});
