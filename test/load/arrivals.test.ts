import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Arrivals, Pace } from '../../src/load/index.ts';

interface Arrival {
  readonly dueSeconds: number;
  readonly phase: number;
}

function walk(pace: Pace, process: 'uniform' | 'poisson', seed: number): readonly Arrival[] {
  const arrivals = new Arrivals(pace, process, seed);
  const found: Arrival[] = [];
  while (arrivals.advance()) found.push({ dueSeconds: arrivals.dueSeconds, phase: arrivals.phase });
  return found;
}

function steady(perSecond: number, seconds: number): Pace {
  return new Pace([{ fromPerSecond: perSecond, toPerSecond: perSecond, seconds }]);
}

function gapsOf(arrivals: readonly Arrival[]): readonly number[] {
  return arrivals.map(({ dueSeconds }, index) => dueSeconds - (arrivals[index - 1]?.dueSeconds ?? 0));
}

const spans = fc.array(
  fc.record({
    fromPerSecond: fc.integer({ min: 0, max: 200 }),
    toPerSecond: fc.integer({ min: 0, max: 200 }),
    seconds: fc.integer({ min: 1, max: 50 }).map((tenths) => tenths / 10),
  }),
  { minLength: 1, maxLength: 5 },
);
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const processes = fc.constantFrom('uniform', 'poisson');

describe('uniform arrivals', () => {
  it('are as many as the plan has messages, and evenly spaced', () => {
    const arrivals = walk(steady(1000, 3), 'uniform', 1);
    assert.equal(arrivals.length, 3000);
    for (const [index, { dueSeconds }] of arrivals.entries()) {
      assert.ok(Math.abs(dueSeconds - index / 1000) < 1e-12);
    }
  });

  it('are exactly as many as rate times length, for every rate and length', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 500 }),
        (hundreds, hundredths) => {
          const seconds = hundredths / 100;
          const arrivals = walk(steady(hundreds * 100, seconds), 'uniform', 1);
          assert.equal(arrivals.length, hundreds * hundredths);
          // the end of the load is not part of it
          assert.ok((arrivals.at(-1)?.dueSeconds ?? 0) < seconds);
        },
      ),
    );
  });

  it('do not depend on the seed', () => {
    assert.deepEqual(walk(steady(100, 1), 'uniform', 1), walk(steady(100, 1), 'uniform', 2));
  });

  it('are none where the rate is 0', () => {
    assert.deepEqual(walk(steady(0, 10), 'uniform', 1), []);
  });
});

describe('Poisson arrivals', () => {
  const RATE = 1000;
  const SEEDS = Array.from({ length: 400 }, (_, seed) => seed);

  it('vary in number by the square root of it: mean and variance are the planned count', () => {
    const counts = SEEDS.map((seed) => walk(steady(RATE, 1), 'poisson', seed).length);
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (counts.length - 1);
    // four standard errors of the mean
    assert.ok(Math.abs(mean - RATE) < 4 * Math.sqrt(RATE / counts.length), `mean ${mean}`);
    // 0.1 % quantiles of chi-square with 399 degrees of freedom over 399: 0.796 and 1.235
    const dispersion = variance / mean;
    assert.ok(dispersion > 0.796 && dispersion < 1.235, `variance over mean ${dispersion}`);
  });

  it('have exponential gaps, by the Kolmogorov-Smirnov distance', () => {
    const gaps = [...gapsOf(walk(steady(RATE, 100), 'poisson', 1))].sort((a, b) => a - b);
    let distance = 0;
    for (const [index, gap] of gaps.entries()) {
      const expected = 1 - Math.exp(-gap * RATE);
      distance = Math.max(
        distance,
        Math.abs(expected - index / gaps.length),
        Math.abs(expected - (index + 1) / gaps.length),
      );
    }
    // the 1 % critical value
    assert.ok(distance < 1.628 / Math.sqrt(gaps.length), `distance ${distance} of ${gaps.length} gaps`);
  });

  it('have gaps that do not depend on the one before', () => {
    const gaps = gapsOf(walk(steady(RATE, 100), 'poisson', 2));
    const pairs = gaps
      .slice(1)
      .map((gap, index) => (gap * RATE - 1) * ((gaps[index] ?? 0) * RATE - 1))
      .reduce((sum, product) => sum + product, 0);
    assert.ok(Math.abs(pairs / gaps.length) < 4 / Math.sqrt(gaps.length));
  });

  it('follow a ramp: its later half holds three quarters of them', () => {
    const ramp = new Pace([{ fromPerSecond: 0, toPerSecond: 2000, seconds: 40 }]);
    const arrivals = walk(ramp, 'poisson', 1);
    const late = arrivals.filter(({ dueSeconds }) => dueSeconds >= 20).length / arrivals.length;
    assert.ok(Math.abs(late - 0.75) < 4 * Math.sqrt((0.75 * 0.25) / arrivals.length), `${late}`);
  });

  it('are others for another seed', () => {
    assert.notDeepEqual(walk(steady(100, 1), 'poisson', 1), walk(steady(100, 1), 'poisson', 2));
  });
});

describe('arrivals of any kind', () => {
  it('are the same for the same seed', () => {
    fc.assert(
      fc.property(spans, processes, seeds, (spans, process, seed) => {
        assert.deepEqual(walk(new Pace(spans), process, seed), walk(new Pace(spans), process, seed));
      }),
    );
  });

  it('never go back, and lie in the phase that they are assigned to', () => {
    fc.assert(
      fc.property(spans, processes, seeds, (spans, process, seed) => {
        let before = 0;
        for (const { dueSeconds, phase } of walk(new Pace(spans), process, seed)) {
          const start = spans.slice(0, phase).reduce((sum, span) => sum + span.seconds, 0);
          const end = start + (spans[phase]?.seconds ?? NaN);
          assert.ok(dueSeconds >= before - 1e-9);
          assert.ok(dueSeconds >= start - 1e-9 && dueSeconds <= end + 1e-9);
          before = dueSeconds;
        }
      }),
    );
  });

  it('belong to the later phase where one phase ends and another begins', () => {
    const pace = new Pace([
      { fromPerSecond: 10, toPerSecond: 10, seconds: 1 },
      { fromPerSecond: 0, toPerSecond: 0, seconds: 5 },
      { fromPerSecond: 10, toPerSecond: 10, seconds: 1 },
    ]);
    const phases = walk(pace, 'uniform', 1).map(({ phase }) => phase);
    assert.deepEqual(phases, [...new Array<number>(10).fill(0), ...new Array<number>(10).fill(2)]);
  });

  it('stay at an end once there', () => {
    const arrivals = new Arrivals(steady(10, 0.1), 'uniform', 1);
    assert.equal(arrivals.advance(), true);
    assert.equal(arrivals.advance(), false);
    assert.equal(arrivals.advance(), false);
  });
});
