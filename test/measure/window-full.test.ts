import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { WindowFull } from '../../src/measure/index.ts';

const MS = 1e6;

/** Full within these spans, in ms. */
function fullIn(...spans: readonly (readonly [fromMs: number, toMs: number])[]): WindowFull {
  const full = new WindowFull();
  for (const [fromMs, toMs] of spans) {
    full.begin(fromMs * MS);
    full.end(toMs * MS);
  }
  return full;
}

describe('how long a window was full since a message was due', () => {
  const cases: readonly (readonly [given: string, full: WindowFull, dueMs: number, expectedMs: number])[] = [
    ['never full', fullIn(), 5, 0],
    ['full before it was due', fullIn([1, 4]), 5, 0],
    ['full after it was due', fullIn([6, 9]), 5, 3],
    ['full when it was due', fullIn([2, 9]), 5, 4],
    ['full several times', fullIn([2, 9], [20, 30], [40, 50]), 5, 24],
    ['due between two', fullIn([2, 9], [20, 30]), 15, 10],
  ];
  for (const [given, full, dueMs, expectedMs] of cases) {
    it(`given ${given}: ${expectedMs} ms`, () => {
      assert.equal(full.sinceNs(dueMs * MS), expectedMs * MS);
    });
  }

  it('given what is still full: it is in the total', () => {
    const full = fullIn([1, 3]);
    full.begin(10 * MS);
    full.begin(12 * MS);
    assert.equal(full.totalNs(14 * MS), 6 * MS);
    assert.equal(full.end(15 * MS), true);
    assert.equal(full.end(16 * MS), false);
    assert.equal(full.totalNs(20 * MS), 7 * MS);
  });

  it('of any history: within 1 ms of the sum over its spans, and never more than what went by', () => {
    const step = fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 3000 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 3000 }), fc.array(fc.nat(3000)), (steps, lags) => {
        const full = new WindowFull();
        const spans: (readonly [number, number])[] = [];
        let nowUs = 0;
        let dueUs = 0;
        for (const [index, [gapUs, lengthUs]] of steps.entries()) {
          const fromUs = nowUs + gapUs;
          nowUs = fromUs + lengthUs;
          full.begin(fromUs * 1000);
          full.end(nowUs * 1000);
          spans.push([fromUs, nowUs]);
          // a message is sent that was due some time after the one before it
          dueUs = Math.min(nowUs, dueUs + (lags[index % lags.length] ?? 0));
          const exactUs = spans.reduce((sum, [from, to]) => sum + Math.max(0, to - Math.max(from, dueUs)), 0);
          const toldUs = full.sinceNs(dueUs * 1000) / 1000;
          assert.ok(Math.abs(toldUs - exactUs) <= 1000 + 1e-6, `${toldUs}, exactly ${exactUs}`);
          assert.ok(toldUs <= nowUs - dueUs + 1e-6, `${toldUs} of ${nowUs - dueUs}`);
        }
      }),
      { numRuns: 30 },
    );
  });
});
