import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { compare, comparisonPage, DEFAULT_POLICY, type Policy } from '../../src/compare/index.ts';
import { importResults } from '../../src/import/index.ts';
import type { Imported } from '../../src/result/index.ts';
import { UserError } from '../../src/user-error.ts';
import { resultOf, trialOf } from '../result/fixtures/sample.ts';

type Document = Record<string, unknown> & { metrics: Record<string, Record<string, unknown>> };

async function fixture(name: string): Promise<Document> {
  const text = await readFile(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8');
  return JSON.parse(text) as Document;
}

const K6 = { scenario: 'checkout', target: 'shop' };

function imported(documents: readonly object[], naming = {}, id = 'one'): Imported {
  const sources = documents.map((document, index) => ({
    path: `runs/${index + 1}.json`,
    text: JSON.stringify(document),
  }));
  return { ...importResults(sources, naming), id, importedAt: '2026-01-01T00:00:00.000Z' };
}

describe('a result of OpenMessaging Benchmark', () => {
  it('is a trial, in µs, under the names that mqbench has for what it measured', async () => {
    const { from, trials, lacks } = imported([await fixture('openmessaging-kafka')]);
    const [trial] = trials;
    assert.equal(from, 'openmessaging-benchmark');
    assert.deepEqual([trial?.scenario, trial?.target, trial?.file], ['w1', 'kafka', '1.json']);
    assert.equal(trial?.metrics['service.p99'], 17_650);
    assert.equal(trial.metrics['endToEnd.p99'], 36_000);
    assert.equal(trial.metrics['scheduleDebt.p99'], 4519, 'the only one that it has in µs');
    assert.ok(Math.abs((trial.metrics['delivered.rate'] ?? 0) - 5000) < 20);
    assert.equal(trial.problem, null);
    assert.ok(lacks.includes('a ledger: no message was checked'));
  });

  it('with few messages has no percentile that is a matter of luck', async () => {
    const document = {
      ...(await fixture('openmessaging-kafka')),
      publishRate: [50, 50],
      consumeRate: [50, 50],
    };
    const metrics = Object.keys(imported([document]).trials[0]?.metrics ?? {});
    assert.ok(metrics.includes('endToEnd.p99'), '1,000 messages: 10 beyond');
    assert.ok(!metrics.includes('endToEnd.p999'));
  });

  for (const [what, change, reason] of [
    ['errors', { publishErrorRate: [0, 3] }, '1.5 messages a second could not be sent'],
    [
      'fewer consumed than sent',
      { consumeRate: [2500, 2500] },
      'of 5008 messages a second, 2500 were consumed',
    ],
    [
      'a backlog that grew',
      { backlog: [10, 9000] },
      '9000 messages waited in the end, which is more than were sent in a second',
    ],
  ] as const) {
    it(`with ${what} is overloaded`, async () => {
      const { trials } = imported([{ ...(await fixture('openmessaging-kafka')), ...change }]);
      assert.deepEqual(trials[0]?.problem, { verdict: 'overloaded', reason });
    });
  }
});

describe('a summary of k6', () => {
  for (const form of ['k6-handle-summary', 'k6-summary-export']) {
    it(`as ${form} writes it is a trial, in µs`, async () => {
      const document = await fixture(form);
      const { from, trials } = imported([document], K6);
      const { metrics, load, problem } = trials[0] ?? assert.fail();
      assert.equal(from, 'k6');
      assert.deepEqual(load, { trend: 'http_req_duration', vus: 20 });
      assert.ok(Math.abs((metrics['service.p99'] ?? 0) - 4700) < 20);
      assert.ok(Math.abs((metrics['acknowledged.rate'] ?? 0) - 300) < 1);
      assert.ok(!('service.p999' in metrics), '1,501 requests: 1.5 beyond');
      assert.equal(problem, null);
    });
  }

  it('of another trend is that, and a misspelt one is told with those that there are', async () => {
    const document = await fixture('k6-handle-summary');
    const { metrics, load } =
      imported([document], { ...K6, trend: 'order_latency' }).trials[0] ?? assert.fail();
    assert.equal(load['trend'], 'order_latency');
    assert.ok(!('acknowledged.rate' in metrics), 'how many requests there were is not how many orders');
    assert.throws(
      () => imported([document], { ...K6, trend: 'order_latencies' }),
      /runs\/1\.json: it has no trend order_latencies; those that it has: http_req_duration, order_latency, http_req_waiting$/,
    );
  });

  it('of a trend in seconds, as xk6-kafka has them, is in µs', async () => {
    const document = await fixture('k6-handle-summary');
    const seconds = {
      type: 'trend',
      contains: 'default',
      values: { med: 0.0012, 'p(99)': 0.004, count: 5000 },
    };
    document.metrics['kafka_writer_write_seconds'] = seconds;
    const { metrics } =
      imported([document], { ...K6, trend: 'kafka_writer_write_seconds' }).trials[0] ?? assert.fail();
    assert.deepEqual(metrics, { 'service.p50': 1200, 'service.p99': 4000 });
    document.metrics['items'] = seconds;
    assert.throws(() => imported([document], { ...K6, trend: 'items' }), /items is no time/);
  });

  for (const [what, metric, problem] of [
    [
      'requests that failed',
      { http_req_failed: { values: { rate: 0.01, passes: 15, fails: 1486 } } },
      { verdict: 'incorrect', reason: '15 requests failed' },
    ],
    [
      'checks that failed',
      { checks: { passes: 9, fails: 2, value: 0.8 } },
      { verdict: 'incorrect', reason: '2 checks failed' },
    ],
    [
      'a share of requests that failed',
      { http_req_failed: { values: { rate: 0.5 } } },
      { verdict: 'incorrect', reason: '50.0 % of the requests failed' },
    ],
    [
      'a threshold that was crossed',
      { http_reqs: { values: { count: 1501, rate: 300 }, thresholds: { 'rate>1000': { ok: false } } } },
      { verdict: 'incorrect', reason: 'a threshold was crossed: http_reqs: rate>1000' },
    ],
    [
      'one that --summary-export calls crossed',
      { http_reqs: { count: 1501, rate: 300, thresholds: { 'rate>1000': true, 'rate>1': false } } },
      { verdict: 'incorrect', reason: 'a threshold was crossed: http_reqs: rate>1000' },
    ],
    [
      'iterations that were dropped',
      { dropped_iterations: { count: 7, rate: 1 } },
      { verdict: 'client-limited', reason: '7 iterations were dropped, and are no samples' },
    ],
  ] as const) {
    it(`with ${what} is ${problem.verdict}`, async () => {
      const document = await fixture('k6-handle-summary');
      const { trials } = imported([{ ...document, metrics: { ...document.metrics, ...metric } }], K6);
      assert.deepEqual(trials[0]?.problem, problem);
    });
  }
});

describe('what cannot be imported is told with its file:', () => {
  for (const [what, documents, naming, said] of [
    [
      'what nobody knows',
      [{ foo: 1 }],
      {},
      /^runs\/1\.json: neither a result of OpenMessaging Benchmark nor a summary of k6:/,
    ],
    ['k6 without a name', [{ metrics: {} }], {}, /^runs\/1\.json: k6 does not tell of what it is$/],
    ['k6 without samples', [{ metrics: {} }], K6, /it has no trend http_req_duration/],
  ] as const) {
    it(what, () => {
      assert.throws(
        () => imported(documents, naming),
        (error) => error instanceof UserError && error.exitCode === 2 && said.test(error.message),
      );
    });
  }

  for (const [what, values, said] of [
    ['a negative latency', { 'p(99)': -4 }, /p99 is -4000 µs, which nobody can have measured$/],
    ['percentiles in the wrong order', { med: 400 }, /p50 of 400000 µs is more than p90 of [\d.]+ µs/],
    ['words for a number', { 'p(99)': '4' }, /p\(99\) of http_req_duration is no number$/],
    ['no samples', { count: 0 }, /it has no samples/],
  ] as const) {
    it(`k6 with ${what}`, async () => {
      const document = await fixture('k6-summary-export');
      const metrics = {
        ...document.metrics,
        http_req_duration: { ...document.metrics['http_req_duration'], ...values },
      };
      assert.throws(() => imported([{ metrics }], K6), said);
    });
  }

  it('OpenMessaging Benchmark with a latency of nothing, or without one', async () => {
    const document = await fixture('openmessaging-kafka');
    assert.throws(
      () => imported([{ ...document, aggregatedEndToEndLatency99pct: 0 }]),
      /endToEnd: p99 is 0 µs, which nobody can have measured$/,
    );
    assert.throws(
      () => imported([{ ...document, aggregatedEndToEndLatency99pct: undefined }]),
      /it has no aggregatedEndToEndLatency99pct$/,
    );
  });

  it('one file twice: a trial is one measurement', async () => {
    const document = await fixture('openmessaging-kafka');
    assert.throws(() => imported([document, document]), /2\.json: the same as another file/);
  });

  it('tools that are mixed, and text that is no JSON', async () => {
    const openMessaging = await fixture('openmessaging-kafka');
    const k6 = await fixture('k6-summary-export');
    assert.throws(
      () => imported([openMessaging, k6], K6),
      /^UserError: 2\.json: of k6, and the first file is of/,
    );
    assert.throws(
      () => importResults([{ path: 'a.json', text: '{' }], {}),
      /^UserError: a\.json: not JSON: /,
    );
  });
});

describe('a comparison of what was imported', () => {
  /** Five results whose latency is so many times that of the fixture, a percent apart. */
  async function five(factor: number, id: string): Promise<Imported> {
    const document = await fixture('openmessaging-kafka');
    const documents = [0.99, 1, 1.01, 1.005, 0.995].map((apart) =>
      Object.fromEntries(
        Object.entries(document).map(([name, value]) => [
          name,
          typeof value === 'number' && name.startsWith('aggregated') ? value * factor * apart : value,
        ]),
      ),
    );
    return imported(documents, {}, id);
  }

  it('finds what got worse, and says what both sides lack', async () => {
    const comparison = compare([await five(1, 'one')], [await five(1.5, 'two')], DEFAULT_POLICY);
    const [row] = comparison.rows;
    assert.deepEqual(
      [row?.metric, row?.verdict, comparison.outcome],
      ['endToEnd.p99', 'regressed', 'failed'],
    );
    assert.match(comparisonPage(comparison), /- what openmessaging-benchmark measured lacks a ledger: /);
  });

  it('with what mqbench measured is none, of other tools', async () => {
    const trial = trialOf({ scenario: 'w1', target: 'kafka' });
    const comparison = compare([await five(1, 'one')], [resultOf([trial])], DEFAULT_POLICY);
    assert.equal(comparison.outcome, 'undecided');
    assert.match(
      comparison.rows[0]?.reason ?? '',
      /^another tool: name openmessaging-benchmark, then mqbench/,
    );
  });

  it('by a metric that the tool does not tell is not comparable, and says so', async () => {
    const gate: Policy['gates'][number] = {
      metric: 'ledger.lost',
      tolerance: 0,
      phase: undefined,
      scenarios: undefined,
      targets: undefined,
    };
    const comparison = compare([await five(1, 'one')], [await five(1, 'two')], {
      ...DEFAULT_POLICY,
      gates: [gate],
    });
    const [row] = comparison.rows;
    assert.deepEqual(
      [row?.verdict, row?.reason],
      ['not comparable', 'openmessaging-benchmark does not tell ledger.lost'],
    );
    assert.equal(comparison.outcome, 'undecided');
  });

  it('of a side whose checks failed fails, however fast', async () => {
    const document = await fixture('k6-handle-summary');
    const failed = { ...document.metrics, http_req_failed: { values: { passes: 15 } } };
    const again = { ...document, state: { testRunDurationMs: 5001 } };
    const before = imported([document, again], K6, 'one');
    const after = imported([again, { ...document, metrics: failed }], K6, 'two');
    const comparison = compare([before], [after], DEFAULT_POLICY);
    assert.equal(comparison.outcome, 'failed');
    assert.match(comparison.failures[0]?.message ?? '', /^1 of 2 trials: 15 requests failed$/);
  });
});
