import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Pace } from '../../src/load/index.ts';
import type { Span } from '../../src/load/pace.ts';

const rate = fc.oneof(fc.constant(0), fc.double({ min: 0.5, max: 20_000, noNaN: true }));
const seconds = fc.double({ min: 0.001, max: 600, noNaN: true });
/** steps, ramps up and down, to and from nothing, and pauses; at least one message */
const paces = fc
  .array(
    fc.oneof(
      fc.record({ fromPerSecond: rate, toPerSecond: rate, seconds }),
      fc.tuple(rate, seconds).map(([rate, seconds]) => step(rate, seconds)),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((spans) => new Pace(spans))
  .filter((pace) => pace.total >= 1);
/** where in the plan, 0 for its start and 1 for its end */
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

function step(perSecond: number, seconds: number): Span {
  return { fromPerSecond: perSecond, toPerSecond: perSecond, seconds };
}

function ramp(fromPerSecond: number, toPerSecond: number, seconds: number): Span {
  return { fromPerSecond, toPerSecond, seconds };
}

function assertClose(actual: number, expected: number, tolerance = 1e-9): void {
  const off = Math.abs(actual - expected);
  assert.ok(off <= tolerance * Math.max(1, Math.abs(expected)), `${actual} is not ${expected}`);
}

describe('Pace: when the n-th message is due', () => {
  const table: readonly (readonly [string, readonly Span[], number, number])[] = [
    ['a step begins with a message', [step(100, 10)], 0, 0],
    ['a step spaces evenly', [step(100, 10)], 250, 2.5],
    ['a second step goes on where the first ended', [step(100, 10), step(1000, 10)], 1000, 10],
    ['... at its own rate', [step(100, 10), step(1000, 10)], 1500, 10.5],
    ['a ramp from zero begins with a message', [ramp(0, 1000, 10)], 0, 0],
    ['a ramp from zero goes with the square root', [ramp(0, 1000, 10)], 1250, 5],
    ['a ramp from zero, half its messages', [ramp(0, 1000, 10)], 2500, 10 * Math.SQRT1_2],
    ['a ramp down to zero, three quarters of its messages', [ramp(1000, 0, 10)], 3750, 5],
    ['a ramp between rates', [ramp(100, 300, 10)], 750, 5],
    ['a pause ends with a message', [step(10, 1), step(0, 60), step(10, 1)], 10, 61],
    ['a pause is preceded by one', [step(10, 1), step(0, 60), step(10, 1)], 9, 0.9],
    ['a pause first', [step(0, 5), step(10, 1)], 0, 5],
    ['less than a message a second', [step(0.1, 100)], 3, 30],
  ];
  for (const [what, spans, n, due] of table) {
    it(`${what}: #${n} at ${due.toFixed(2)} s`, () => assertClose(new Pace(spans).dueAt(n), due));
  }

  it('is the inverse of how many are due by then', () => {
    fc.assert(
      fc.property(paces, share, (pace, share) => {
        const n = share * pace.total;
        assertClose(pace.dueBy(pace.dueAt(n)), n);
      }),
      { examples: [[new Pace([ramp(0, 0.5, 4)]), Number.MIN_VALUE]] },
    );
  });

  it('never goes back', () => {
    fc.assert(
      fc.property(paces, share, share, (pace, one, other) => {
        const [earlier, later] = [Math.min(one, other), Math.max(one, other)];
        assert.ok(pace.dueAt(earlier * pace.total) <= pace.dueAt(later * pace.total) + 1e-9);
      }),
    );
  });

  it('lies within its span', () => {
    fc.assert(
      fc.property(paces, share, (pace, share) => {
        const n = share * pace.total;
        const span = pace.spanOf(n);
        const start = pace.spans.slice(0, span).reduce((sum, each) => sum + each.seconds, 0);
        const end = start + (pace.spans[span]?.seconds ?? NaN);
        const due = pace.dueAt(n);
        assert.ok(due >= start - 1e-9 && due <= end + 1e-6, `${due} outside of ${start} to ${end}`);
        // where the search begins makes no difference, as long as it is not too late
        assert.equal(pace.spanOf(n, span), span);
      }),
    );
  });

  it('is never in a pause', () => {
    fc.assert(
      fc.property(paces, share, (pace, share) => {
        const span = pace.spans[pace.spanOf(share * pace.total)];
        assert.ok(span !== undefined && span.fromPerSecond + span.toPerSecond > 0);
      }),
    );
  });
});

describe('Pace: how many messages are due', () => {
  it('in all is the area under the rates', () => {
    fc.assert(
      fc.property(paces, (pace) => {
        const areas = pace.spans.map((span) => ((span.fromPerSecond + span.toPerSecond) / 2) * span.seconds);
        assertClose(
          pace.total,
          areas.reduce((sum, area) => sum + area, 0),
        );
        assertClose(pace.dueBy(pace.seconds), pace.total);
      }),
    );
  });

  it('is none before the start, and all after the end', () => {
    fc.assert(
      fc.property(paces, (pace) => {
        assert.equal(pace.dueBy(-1), 0);
        assert.equal(pace.dueBy(0), 0);
        assertClose(pace.dueBy(pace.seconds + 1), pace.total);
      }),
    );
  });

  it('never shrinks', () => {
    fc.assert(
      fc.property(paces, share, share, (pace, one, other) => {
        const [earlier, later] = [Math.min(one, other), Math.max(one, other)];
        const [before, after] = [pace.dueBy(earlier * pace.seconds), pace.dueBy(later * pace.seconds)];
        assert.ok(before <= after + 1e-9 * Math.max(1, after), `${before} then ${after}`);
      }),
    );
  });

  it('is a whole number where rate and length say so, whatever binary arithmetic makes of them', () => {
    // 100 * 1.1 = 110.00000000000001: a 111th message would be due as the load ends
    assert.equal(new Pace([step(100, 1.1)]).total, 110);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 10_000 })), {
          minLength: 1,
          maxLength: 6,
        }),
        (steps) => {
          const { total } = new Pace(
            steps.map(([hundreds, hundredths]) => step(hundreds * 100, hundredths / 100)),
          );
          assert.equal(
            total,
            steps.reduce((sum, [hundreds, hundredths]) => sum + hundreds * hundredths, 0),
          );
        },
      ),
    );
  });
});
