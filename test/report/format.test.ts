import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  formatBytes,
  formatCount,
  formatMetric,
  formatMs,
  formatRate,
  formatSpan,
} from '../../src/report/format.ts';

function table<T>(what: string, format: (value: T) => string, rows: readonly (readonly [T, string])[]): void {
  describe(what, () => {
    for (const [value, expected] of rows)
      it(`${String(value)} is ${expected}`, () => assert.equal(format(value), expected));
  });
}

table('a count', formatCount, [
  [0, '0'],
  [999, '999'],
  [20_000, '20,000'],
]);

table('µs, in ms', formatMs, [
  [null, '-'],
  [0, '0.000'],
  [12, '0.012'],
  [412, '0.412'],
  [999, '0.999'],
  [999.7, '1.00'],
  [1240, '1.24'],
  [9994, '9.99'],
  [9996, '10.0'],
  [12_400, '12.4'],
  [99_960, '100'],
  [1_240_000, '1,240'],
]);

table('a rate', formatRate, [
  [0, '0.00'],
  [2.5, '2.50'],
  [9.999, '10.0'],
  [42, '42.0'],
  [999.7, '999.7'],
  [999.96, '1,000'],
  [12_400.4, '12,400'],
]);

table('bytes', formatBytes, [
  [0, '0 B'],
  [1023, '1,023 B'],
  [1024, '1.0 KiB'],
  [1.4 * 2 ** 30, '1.4 GiB'],
  [2 ** 20 - 1, '1.0 MiB'],
  [200 * 2 ** 20, '200 MiB'],
  [5000 * 2 ** 40, '5,000 TiB'],
  // a data directory that a broker has cleaned up
  [-3 * 2 ** 20, '-3.0 MiB'],
]);

table('a span of seconds', formatSpan, [
  [-1, '0 s'],
  [45.4, '45 s'],
  [59.6, '1 min 00 s'],
  [125, '2 min 05 s'],
  [3599.7, '1 h 00 min'],
  [3720, '1 h 02 min'],
]);

describe('a value in the unit of its metric', () => {
  const rows: readonly (readonly [number | null, string, string])[] = [
    [412, 'us', '412 us'],
    [999.7, 'us', '1.00 ms'],
    [12_400, 'us', '12.4 ms'],
    [999.7, 'perSecond', '999.7/s'],
    [12_000, 'count', '12,000'],
    [null, 'us', 'too few samples'],
  ];
  for (const [value, unit, expected] of rows)
    it(`${value} ${unit} is ${expected}`, () => assert.equal(formatMetric(value, unit), expected));
});

describe('whatever is formatted', () => {
  const digits = (text: string): string => text.replaceAll(/[^0-9]/g, '');

  it('has at most three significant digits in ms below 1,000', () => {
    fc.assert(
      fc.property(fc.double({ min: 1000, max: 999_499, noNaN: true }), (us) => {
        assert.equal(digits(formatMs(us)).length, 3, formatMs(us));
      }),
    );
  });

  it('is never rounded past its neighbour: a larger value does not look smaller', () => {
    const value = (text: string): number => Number(text.replaceAll(',', ''));
    for (const format of [formatMs, formatRate, formatCount]) {
      fc.assert(
        fc.property(
          fc.double({ min: 0, max: 2e6, noNaN: true }),
          fc.double({ min: 0, max: 2e6, noNaN: true }),
          (one, other) => {
            const [less, more] = [Math.min(one, other), Math.max(one, other)];
            assert.ok(value(format(less)) <= value(format(more)), `${format(less)} and ${format(more)}`);
          },
        ),
      );
    }
  });
});
