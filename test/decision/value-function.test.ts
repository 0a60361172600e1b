import assert from 'node:assert/strict';
import { test } from 'node:test';
import { valueOf } from '../../src/decision/value-function.ts';
import { assertNear } from './fixtures/near.ts';

test('a piecewise function goes straight from point to point and stays at its ends (rsmaa)', () => {
  const scale = {
    kind: 'piecewise',
    points: [
      [50, 1],
      [75, 0.8],
      [90, 0.5],
      [100, 0],
    ],
  } as const;
  assertNear(
    [60, 75, 90, 10, 120].map((raw) => valueOf(scale, raw)),
    [0.92, 0.8, 0.5, 1, 0],
    1e-12,
  );
});

test('on a log scale each doubling is worth the same', () => {
  const scale = { kind: 'log', worst: 200, best: 2 } as const;
  assertNear(
    [2, 5, 10, 20, 50, 200].map((raw) => valueOf(scale, raw)),
    [1, 0.801, 0.6505, 0.5, 0.301, 0],
    5e-5,
  );
  assert.equal(valueOf(scale, 0), 1);
  assert.equal(valueOf({ kind: 'log', worst: 100, best: 1e6 }, 0), 0);
});

test('a linear scale goes either way, and is clipped at both ends', () => {
  assert.equal(valueOf({ kind: 'linear', worst: 0, best: 10 }, 2.5), 0.25);
  assert.equal(valueOf({ kind: 'linear', worst: 10, best: 0 }, 2.5), 0.75);
  assert.equal(valueOf({ kind: 'linear', worst: 10, best: 0 }, -1), 1);
  assert.equal(valueOf({ kind: 'linear', worst: 10, best: 0 }, 11), 0);
});

test('a step is worth what the last one reached is', () => {
  const scale = {
    kind: 'step',
    below: 0,
    steps: [
      [7, 0.5],
      [30, 1],
    ],
  } as const;
  assert.deepEqual(
    [6.9, 7, 29, 30, 400].map((raw) => valueOf(scale, raw)),
    [0, 0.5, 0.5, 1, 1],
  );
});
