import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { IntervalCounter, IntervalSeries, type Interval } from '../../src/measure/index.ts';

/** any time of the host's clock */
const START_NS = 5e15;

function at(seconds: number): number {
  return START_NS + seconds * 1e9;
}

/** messages planned for each second */
const PLANNED = [100, 0, 10, 0];

function dueBefore(second: number): number {
  return PLANNED.slice(0, second).reduce((sum, planned) => sum + planned, 0);
}

function seriesOf(subscriptions: number, ...agents: readonly (readonly Interval[])[]): IntervalSeries {
  const series = new IntervalSeries(subscriptions, dueBefore);
  // as if they had crossed threads
  for (const interval of structuredClone(agents).flat()) series.add(interval);
  return series;
}

describe('an IntervalCounter', () => {
  it('counts events in the second in which they happen', () => {
    const counter = new IntervalCounter(START_NS, []);
    counter.attempted(at(0));
    counter.attempted(at(0.999));
    counter.acknowledged(at(1));
    counter.delivered(at(3.5), 2e6);
    const counts = counter
      .takeAll(at(4))
      .map((each) => [each.second, each.attempted, each.acknowledged, each.delivered]);
    assert.deepEqual(counts, [
      [0, 2, 0, 0],
      [1, 0, 1, 0],
      [3, 0, 0, 1],
    ]);
  });

  it('hands out a second when it is over, and once', () => {
    const counter = new IntervalCounter(START_NS, []);
    counter.attempted(at(0.2));
    assert.deepEqual(counter.take(at(0.9)), []);
    assert.equal(counter.take(at(1)).length, 1);
    assert.deepEqual(counter.take(at(1.1)), []);
    assert.deepEqual(counter.takeAll(at(1.2)), []);
  });

  it('in the end hands out the second under way too', () => {
    const counter = new IntervalCounter(START_NS, []);
    counter.attempted(at(0.2));
    assert.equal(counter.takeAll(at(0.5)).length, 1);
    assert.deepEqual(counter.takeAll(at(0.6)), []);
  });

  it('tells the phases apart, within a second too; what comes after the last is after the load', () => {
    const counter = new IntervalCounter(START_NS, [0.5, 2]);
    for (const seconds of [0.4, 0.5, 1.2, 2.4, 2.5, 7]) counter.attempted(at(seconds));
    const intervals = counter.takeAll(at(8));
    assert.deepEqual(
      intervals.map((each) => [each.second, each.phase, each.attempted]),
      [
        [0, 0, 1],
        [0, 1, 1],
        [1, 1, 1],
        [2, 1, 1],
        [2, 2, 1],
        [7, 2, 1],
      ],
    );
    const series = seriesOf(1, intervals);
    assert.deepEqual(
      [0, 1, 2, 3].map((phase) => series.happenedIn(phase).attempted),
      [1, 3, 2, 0],
    );
  });

  it('given a load that is given up: has what happens later after it', () => {
    const counter = new IntervalCounter(START_NS, [5]);
    counter.attempted(at(1.2));
    counter.endLoad(at(1.5));
    counter.delivered(at(1.6), 1e6);
    counter.delivered(at(2.1), 1e6);
    const series = seriesOf(1, counter.takeAll(at(3)));
    assert.deepEqual([series.happenedIn(0).attempted, series.happenedIn(0).delivered], [1, 0]);
    assert.equal(series.happenedIn(1).delivered, 2);
    assert.equal(series.at(1).delivered, 1);
  });

  it('loses and doubles nothing, whenever it is asked', () => {
    const steps = fc.array(
      fc.record({
        gapMs: fc.nat(1500),
        what: fc.constantFrom('attempted', 'acknowledged', 'notAcknowledged', 'delivered', 'take'),
      }),
    );
    fc.assert(
      fc.property(steps, (steps) => {
        const counter = new IntervalCounter(START_NS, []);
        const taken: Interval[] = [];
        let seconds = 0;
        for (const { gapMs, what } of steps) {
          seconds += gapMs / 1000;
          if (what === 'take') taken.push(...counter.take(at(seconds)));
          else if (what === 'delivered') counter.delivered(at(seconds), 1e6);
          else counter[what](at(seconds));
        }
        taken.push(...counter.takeAll(at(seconds)));
        for (const what of ['attempted', 'acknowledged', 'notAcknowledged', 'delivered'] as const) {
          const sum = taken.reduce((sum, interval) => sum + interval[what], 0);
          assert.equal(sum, steps.filter((step) => step.what === what).length);
        }
        const inOrder = taken.map((interval) => interval.second);
        assert.deepEqual(
          inOrder,
          [...new Set(inOrder)].sort((a, b) => a - b),
        );
      }),
    );
  });
});

describe('an IntervalSeries', () => {
  const producers = [second(0, { attempted: 90, acknowledged: 80 }), second(2, { attempted: 20 })];
  const consumers = [second(0, { delivered: 60 }), second(3, { delivered: 40 })];

  it('puts agents together, second by second, without gaps', () => {
    const rows = seriesOf(1, producers, consumers).rows();
    assert.deepEqual(
      rows.map((row) => [row.second, row.due, row.attempted, row.acknowledged, row.delivered]),
      [
        [0, 100, 90, 80, 60],
        [1, 0, 0, 0, 0],
        [2, 10, 20, 0, 0],
        [3, 0, 0, 0, 40],
      ],
    );
  });

  it('has a backlog of what was due and not yet delivered, wherever it waits', () => {
    const backlogs = seriesOf(1, producers, consumers).rows();
    assert.deepEqual(
      backlogs.map((row) => row.backlog),
      [40, 40, 50, 10],
    );
  });

  it('with two subscriptions: owes each message to both', () => {
    const rows = seriesOf(2, producers, consumers, consumers).rows();
    assert.deepEqual(
      rows.map((row) => row.backlog),
      [40, 40, 50, 10],
    );
  });

  it('does not wait for a send that failed, and has no negative backlog where it arrives after all', () => {
    const rows = seriesOf(
      1,
      [second(0, { notAcknowledged: 30 })],
      [second(0, { delivered: 60 }), second(1, { delivered: 20 })],
    ).rows();
    assert.deepEqual(
      rows.map((row) => row.backlog),
      [10, 0],
    );
  });

  it('asked for one second: answers as in the row, and with zeros where nothing happened', () => {
    const series = seriesOf(1, producers, consumers);
    for (const row of series.rows()) assert.deepEqual(series.at(row.second), row);
    assert.deepEqual(series.at(9), { ...series.at(1), second: 9, backlog: 10 });
  });

  it('merges the latencies of a second, and tells percentiles where there are enough', () => {
    const agents = [1, 2].map((ms) => {
      const counter = new IntervalCounter(START_NS, []);
      for (let sample = 0; sample < 15; sample++) counter.delivered(at(0.1), ms * 1e6);
      return counter.takeAll(at(1));
    });
    const [row] = seriesOf(1, ...agents).rows();
    assert.ok(Math.abs((row?.endToEndP50Us ?? NaN) - 1000) <= 10);
    assert.equal(row?.endToEndP99Us, null);
  });
});

function second(number: number, counts: Partial<Interval>): Interval {
  const none = { attempted: 0, acknowledged: 0, notAcknowledged: 0, delivered: 0 };
  return { second: number, phase: 0, ...none, endToEnd: { histogram: null, refused: 0 }, ...counts };
}
