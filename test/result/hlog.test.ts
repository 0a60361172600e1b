import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HistogramLogReader } from 'hdr-histogram-js';
import { histogramLog } from '../../src/result/hlog.ts';
import { LATENCIES } from '../../src/measure/index.ts';
import { latencyOf, trialOf } from './fixtures/sample.ts';

describe('the .hlog of a trial', () => {
  it("read by HdrHistogram's own reader: is every latency of every phase, to the last sample", () => {
    const trial = trialOf();
    const reader = new HistogramLogReader(histogramLog(trial));
    for (const phase of trial.phases) {
      for (const name of LATENCIES) {
        const read = reader.nextIntervalHistogram();
        assert.ok(read);
        const { count, p90Us, p99Us, maxUs, meanUs } = phase.latency[name];
        assert.equal(read.tag, `${name}.${phase.name}`);
        assert.deepEqual([read.totalCount, read.maxValue, read.mean], [count, maxUs, meanUs]);
        if (p99Us !== null) assert.equal(read.getValueAtPercentile(99), p99Us);
        if (p90Us !== null) assert.equal(read.getValueAtPercentile(90), p90Us);
      }
    }
    assert.equal(reader.nextIntervalHistogram(), null);
    assert.equal(reader.startTimeSec, Date.parse(trial.startedAt) / 1000);
  });

  it('has a line a phase and latency: tag, start and length in s, and the maximum in ms', () => {
    const lines = histogramLog(trialOf())
      .split('\n')
      .filter((line) => line.startsWith('Tag='));
    assert.deepEqual(
      lines.map((line) => line.split(',').slice(0, 4)),
      [
        ['Tag=endToEnd.warm-up', '0.000', '1.000', '1.100'],
        ['Tag=acknowledge.warm-up', '0.000', '1.000', '1.100'],
        ['Tag=service.warm-up', '0.000', '1.000', '1.100'],
        ['Tag=scheduleDebt.warm-up', '0.000', '1.000', '1.100'],
        ['Tag=endToEnd.steady', '1.000', '10.000', '4.001'],
        ['Tag=acknowledge.steady', '1.000', '10.000', '3.001'],
        ['Tag=service.steady', '1.000', '10.000', '2.501'],
        ['Tag=scheduleDebt.steady', '1.000', '10.000', '0.200'],
      ],
    );
  });

  it('has the lag of a projection at its end, over the whole load', () => {
    const projection = { applied: 9, dropped: 0, skipped: 0, lag: latencyOf([2, 4]), ahead: 0 };
    const log = histogramLog(trialOf({ eventSourcing: { projection, replay: null, unreadable: null } }));
    const last = log.trimEnd().split('\n').at(-1) ?? '';
    assert.deepEqual(last.split(',').slice(0, 3), ['Tag=projectionLag', '0.000', '11.000']);
  });

  it('leaves out what has no sample', () => {
    const trial = trialOf();
    const none = latencyOf([]);
    const nothing = { endToEnd: none, acknowledge: none, service: none, scheduleDebt: none };
    const log = histogramLog({
      ...trial,
      phases: trial.phases.map((phase) => ({ ...phase, latency: nothing })),
    });
    assert.equal(new HistogramLogReader(log).nextIntervalHistogram(), null);
  });
});
