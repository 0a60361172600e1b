import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { METRICS, metricNamed, parseCheck } from '../../src/scenario/index.ts';

describe('a check', () => {
  it('bounds a latency in µs, a rate per second and a count in messages', () => {
    assert.deepEqual(parseCheck('endToEnd.p99 <= 100ms in steady'), {
      text: 'endToEnd.p99 <= 100ms in steady',
      metric: 'endToEnd.p99',
      operator: '<=',
      bound: 100_000,
      phase: 'steady',
      subscription: undefined,
    });
    assert.equal(parseCheck('delivered.rate >= 600/min').bound, 10);
    assert.equal(parseCheck('ledger.duplicates < 1_000').bound, 1000);
  });

  it('may be written without spaces, or with many', () => {
    assert.equal(parseCheck('service.max<5ms').bound, 5_000);
    assert.equal(parseCheck('  service.max  !=  5 ms   in  spike ').phase, 'spike');
  });

  it('takes p99.9 and p99.99 for p999 and p9999', () => {
    assert.equal(parseCheck('endToEnd.p99.9 < 1s').metric, 'endToEnd.p999');
    assert.equal(parseCheck('endToEnd.p99.99 < 1s').metric, 'endToEnd.p9999');
    assert.equal(metricNamed('endToEnd.p99.999'), undefined);
  });

  it('says where in its text it is wrong', () => {
    const fault = { code: 'unknown-phase', text: 'service.max < 1s in x', offset: 20 };
    assert.throws(
      () => parseCheck('service.max < 1s in x', { phases: ['steady'], subscriptions: ['main'] }),
      ({ fault: found }: { fault: typeof fault }) => {
        assert.deepEqual({ code: found.code, text: found.text, offset: found.offset }, fault);
        return true;
      },
    );
  });

  it('is refused with its text where there is no file to point at', () => {
    assert.throws(() => parseCheck('endToEnd.p98 <= 5ms'), {
      code: 'value.unknown-metric',
      exitCode: 2,
      message:
        '"endToEnd.p98 <= 5ms": unknown metric "endToEnd.p98"; see mqbench list metrics; did you mean "endToEnd.p90"?',
    });
  });

  it('does not take long over a long text', () => {
    const started = performance.now();
    assert.throws(() => parseCheck(`service.max < 1${' '.repeat(500_000)}x`), { name: 'ValueError' });
    assert.ok(performance.now() - started < 1_000);
  });

  it('of every metric reads back what was written', () => {
    const units = { us: 'us', perSecond: '/s', count: '' } as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...METRICS),
        fc.constantFrom('<', '<=', '>', '>=', '==', '!='),
        fc.nat(),
        ({ name, unit, perPhase }, operator, bound) => {
          const phase = perPhase ? 'steady' : undefined;
          const text = `${name} ${operator} ${bound}${units[unit]}${phase === undefined ? '' : ` in ${phase}`}`;
          assert.deepEqual(parseCheck(text), {
            text,
            metric: name,
            operator,
            bound,
            phase,
            subscription: undefined,
          });
        },
      ),
    );
  });
});

describe('a check of a subscription', () => {
  const names = { phases: ['steady'], subscriptions: ['stock', 'billing'] };

  it('is of endToEnd', () => {
    const { phase, subscription } = parseCheck('endToEnd.p99 <= 100ms of stock', names);
    assert.deepEqual([phase, subscription], [undefined, 'stock']);
  });

  for (const [text, message] of [
    [
      'endToEnd.p99 <= 1s of stok',
      /unknown subscription "stok"; the subscriptions are stock, billing; did you/,
    ],
    [
      'acknowledge.p99 <= 1s of stock',
      /acknowledge.p99 is not told by subscription; endToEnd is; leave out "of/,
    ],
    ['endToEnd.p99 <= 1s in steady of stock', /of a phase or of a subscription, not of both; leave out "in/],
  ] as const) {
    it(`is refused as in ${text}`, () => assert.throws(() => parseCheck(text, names), { message }));
  }
});

describe('the metrics', () => {
  it('are four latencies, three rates, the backlog, the recovery and the ledger, each named once', () => {
    const names = METRICS.map((metric) => metric.name);
    assert.equal(new Set(names).size, names.length);
    assert.deepEqual([names.length, names[0], names.at(-1)], [112, 'endToEnd.min', 'ledger.keySplits']);
  });

  it('are known per phase, but for the ledger and the recovery', () => {
    const whole = METRICS.filter((metric) => !metric.perPhase);
    assert.ok(
      whole.length === 75 &&
        whole.every((metric) =>
          /^(ledger|recovery|saga|schema|deadLetters|replay|projectionLag|timeTo\w+)\./.test(metric.name),
        ),
    );
  });

  it('are not found by the names that every object has', () => {
    assert.equal(metricNamed('constructor'), undefined);
  });
});
