import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Arrivals, Due, Pace } from '../../src/load/index.ts';

const PACE = new Pace([
  { fromPerSecond: 100, toPerSecond: 100, seconds: 2 },
  { fromPerSecond: 100, toPerSecond: 300, seconds: 1.5 },
]);

function arrivals(seed = 1): Arrivals {
  return new Arrivals(PACE, 'poisson', seed);
}

describe('what is due', () => {
  it('is what the plan has before that second', () => {
    const due = new Due(new Arrivals(PACE, 'uniform', 1));
    assert.deepEqual(
      [0, 1, 2].map((second) => due.before(second)),
      [0, 100, 200],
    );
    assert.equal(due.before(100), PACE.total);
  });

  it('counts arrivals as they are drawn, whatever it is asked, and in whatever order', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.array(fc.nat(6)), (seed, seconds) => {
        const due = new Due(arrivals(seed));
        for (const second of seconds) {
          const walk = arrivals(seed);
          let expected = 0;
          while (walk.advance() && walk.dueSeconds < second) expected++;
          assert.equal(due.before(second), expected);
        }
      }),
    );
  });

  it('ends where the load is given up', () => {
    const due = new Due(new Arrivals(PACE, 'uniform', 1));
    assert.equal(due.before(1), 100);
    due.end(1.505);
    assert.deepEqual([due.before(2), due.before(9)], [151, 151]);
  });
});
