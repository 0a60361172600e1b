import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { projectionLag, SequenceTimes } from '../../src/measure/index.ts';

/** @param entries by sequence: at how many ms */
function timesOf(entries: Readonly<Record<number, number>>): Float64Array {
  const times = new SequenceTimes();
  for (const [sequence, ms] of Object.entries(entries)) times.note(Number(sequence), ms * 1e6);
  return times.toArray();
}

describe('the lag of a projection', () => {
  it('given acknowledged and applied times, is what lies between them, by identity', () => {
    const acknowledged = [timesOf({ 0: 10, 1: 20 }), timesOf({ 0: 30 })];
    const applied = [timesOf({ 0: 15, 1: 21 }), timesOf({ 0: 130 })];
    const { lag, ahead } = projectionLag(acknowledged, applied);
    assert.deepEqual([lag.count, ahead], [3, 0]);
    assert.equal(lag.minUs, 1_000);
    // to three digits
    assert.ok(Math.abs((lag.maxUs ?? 0) - 100_000) < 100);
  });

  it('given an event that was applied before its acknowledgement was seen, counts it as 0 and tells it', () => {
    const { lag, ahead } = projectionLag([timesOf({ 0: 10, 1: 10 })], [timesOf({ 0: 9, 1: 12 })]);
    assert.deepEqual([lag.count, lag.minUs, ahead, lag.refused], [2, 0, 1, 0]);
  });

  it('given events that were never acknowledged, or never applied, has no lag of them', () => {
    const { lag } = projectionLag(
      [timesOf({ 0: 10, 2: 10 })],
      [timesOf({ 0: 20, 1: 20 }), timesOf({ 7: 1 })],
    );
    assert.equal(lag.count, 1);
  });

  it('given many sequences in any order, keeps the first time of each', () => {
    const times = new SequenceTimes();
    times.note(50_000, 1);
    times.note(3, 2);
    times.note(3, 9);
    const array = times.toArray();
    assert.deepEqual([array.length, array[3], array[50_000], array[4]], [50_001, 2, 1, 0]);
  });
});
