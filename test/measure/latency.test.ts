import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { LATENCIES, LatencyHistogram, PhaseRecord, type LatencySummary } from '../../src/measure/index.ts';

const HOUR_NS = 3600e9;
/** from a microsecond to an hour, and the ends */
const possibleNs = fc.oneof(
  fc.integer({ min: 0, max: HOUR_NS }),
  fc.integer({ min: 0, max: 100e6 }),
  fc.constantFrom(0, 1, 499, 500, 1000, HOUR_NS),
);
const impossibleNs = fc.constantFrom(-1, -400, -1e6, HOUR_NS + 1e6, Infinity, -Infinity, NaN);

function recorded(ns: readonly number[], digits: 2 | 3 = 3): LatencyHistogram {
  const latency = new LatencyHistogram(digits);
  for (const each of ns) latency.record(each);
  return latency;
}

/** What came out of `parts` agents when they are put together. */
function merged(parts: readonly (readonly number[])[]): LatencyHistogram {
  const all = new LatencyHistogram();
  for (const part of parts) all.add(recorded(part).encode());
  return all;
}

/** 0 ms, 1 ms, … */
function milliseconds(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index * 1e6);
}

describe('a LatencyHistogram', () => {
  it('given the samples of many agents: merged, says what one says that recorded them all', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.oneof(possibleNs, impossibleNs)), { maxLength: 6 }), (parts) => {
        const together = recorded(parts.flat());
        assert.deepEqual(merged(parts).summary(), LatencyHistogram.decode(together.encode()).summary());
        assert.equal(merged(parts).count, together.count);
      }),
    );
  });

  it('says each value to 1 µs or a thousandth, whichever is more', () => {
    fc.assert(
      fc.property(possibleNs, (ns) => {
        const { minUs, maxUs, meanUs } = merged([[ns]]).summary();
        const us = ns / 1000;
        for (const said of [minUs, maxUs, meanUs])
          assert.ok(Math.abs((said ?? NaN) - us) <= Math.max(1, us / 1000), `${said} for ${us}`);
      }),
    );
  });

  it('has percentiles that rise from the minimum to the maximum', () => {
    fc.assert(
      fc.property(fc.array(possibleNs, { minLength: 1, maxLength: 300 }), (ns) => {
        const { minUs, p50Us, p90Us, p99Us, p999Us, maxUs } = merged([ns]).summary();
        const known = [minUs, p50Us, p90Us, p99Us, p999Us, maxUs].filter((each) => each !== null);
        assert.deepEqual(
          known,
          known.toSorted((a, b) => a - b),
        );
      }),
    );
  });

  it('given impossible values: counts and refuses them, and the rest is as if they had not been', () => {
    fc.assert(
      fc.property(fc.array(possibleNs), fc.array(impossibleNs), (possible, impossible) => {
        const summary = merged([impossible, possible]).summary();
        assert.deepEqual(summary, { ...merged([possible]).summary(), refused: impossible.length });
        assert.equal(summary.count, possible.length);
      }),
    );
  });

  it('given nothing: says nothing', () => {
    const { count, refused, histogram, ...rest } = new LatencyHistogram().summary();
    assert.deepEqual({ count, refused, histogram }, { count: 0, refused: 0, histogram: null });
    assert.deepEqual(new Set(Object.values(rest)), new Set([null]));
  });
});

describe('a percentile', () => {
  const table: readonly (readonly [keyof LatencySummary, number])[] = [
    ['p50Us', 20],
    ['p90Us', 100],
    ['p99Us', 1000],
    ['p999Us', 10_000],
    ['p9999Us', 100_000],
  ];
  for (const [name, enough] of table) {
    it(`${name}: is told of ${enough} samples, ten of them beyond it, and not of one less`, () => {
      const samples = milliseconds(enough);
      assert.notEqual(recorded(samples).summary()[name], null);
      assert.equal(recorded(samples.slice(1)).summary()[name], null);
    });
  }

  it('of 0 to 999 ms is where it belongs', () => {
    const latency = recorded(milliseconds(1000));
    for (const [quantile, ms] of [
      [0.5, 499],
      [0.9, 899],
      [0.99, 989],
    ] as const) {
      const us = latency.quantileUs(quantile) ?? NaN;
      assert.ok(Math.abs(us / 1000 - ms) <= ms / 1000, `${us} µs for ${ms} ms`);
    }
  });

  it('of two trials is that of their samples, not the mean of their percentiles', () => {
    // given a quick trial and one of which a twentieth took a second
    const quick = new Array<number>(1000).fill(1e6);
    const slow = [...new Array<number>(950).fill(1e6), ...new Array<number>(50).fill(1000e6)];
    // when merged, 50 of 2,000 took a second
    const { p90Us, p99Us } = merged([quick, slow]).summary();
    assert.ok(Math.abs((p90Us ?? NaN) - 1000) <= 1);
    assert.ok(Math.abs((p99Us ?? NaN) - 1e6) <= 1000);
  });
});

describe('countAbove', () => {
  it('counts the samples above a value', () => {
    const latency = recorded(milliseconds(1000));
    assert.equal(latency.countAbove(0), 999);
    assert.equal(latency.countAbove(499_999), 500);
    assert.equal(latency.countAbove(1e6), 0);
    assert.equal(new LatencyHistogram().countAbove(0), 0);
  });

  it('and those at most that: together all, whatever has been counted before', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1000 })),
        fc.integer({ min: 0, max: 1000 }),
        (us, at) => {
          // up to 2,047 µs every value has a place of its own
          const latency = recorded(us.map((each) => each * 1000));
          const expected = us.filter((each) => each > at).length;
          assert.equal(latency.countAbove(at), expected);
          assert.equal(latency.countAbove(at), expected);
        },
      ),
    );
  });
});

describe('a PhaseRecord', () => {
  it('given the accounts of several agents: adds counts, and keeps the four latencies apart', () => {
    const producers = new PhaseRecord();
    producers.attempted = 3;
    producers.acknowledged = 2;
    producers.acknowledge.record(2e6);
    producers.service.record(1e6);
    producers.scheduleDebt.record(0.5e6);
    const consumers = new PhaseRecord();
    consumers.delivered = 2;
    consumers.endToEnd.record(4e6);
    const all = new PhaseRecord();
    // as if it had crossed a thread
    for (const record of [producers, consumers]) all.add(structuredClone(record.account()));
    assert.deepEqual([all.attempted, all.acknowledged, all.delivered], [3, 2, 2]);
    const minima = LATENCIES.map((name) => [name, all[name].count, all[name].summary().minUs]);
    assert.deepEqual(minima, [
      ['endToEnd', 1, 4000],
      ['acknowledge', 1, 2000],
      ['service', 1, 1000],
      ['scheduleDebt', 1, 500],
    ]);
  });
});
