import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  parseCount,
  parseDurationMs,
  parseDurationSeconds,
  parseDurationUs,
  parseRatePerSecond,
  parseShare,
  parseSizeBytes,
  ValueError,
} from '../../src/yaml/index.ts';

type Parse = (text: string) => number;

const ACCEPTED: readonly (readonly [Parse, string, number])[] = [
  [parseDurationUs, '250us', 250],
  [parseDurationUs, '1.1ms', 1_100],
  [parseDurationUs, '0.000001s', 1],
  [parseDurationMs, '5s', 5_000],
  [parseDurationMs, '1_000 us', 1],
  [parseDurationMs, '0ms', 0],
  [parseDurationSeconds, '1.5min', 90],
  [parseDurationSeconds, ' 24 h ', 86_400],
  [parseDurationSeconds, '250ms', 0.25],
  [parseRatePerSecond, '1_000/s', 1_000],
  [parseRatePerSecond, '90/min', 1.5],
  [parseRatePerSecond, '7200 / h', 2],
  [parseRatePerSecond, '0/s', 0],
  [parseSizeBytes, '100B', 100],
  [parseSizeBytes, '1KB', 1_000],
  [parseSizeBytes, '1.5KiB', 1_536],
  [parseSizeBytes, '2MB', 2_000_000],
  [parseSizeBytes, '1MiB', 1_048_576],
  [parseShare, '30%', 0.3],
  [parseShare, '0.1 %', 0.001],
  [parseCount, '10_000', 10_000],
  [parseCount, '0', 0],
];

describe('a quantity is read', () => {
  for (const [parse, text, value] of ACCEPTED) {
    it(`${parse.name} ${text}`, () => assert.equal(parse(text), value));
  }
});

const DURATIONS = 'use us, ms, s, min or h, as in 5s';
const RATES = 'use /s, /min or /h, as in 1000/s';
const SIZES = 'use B, KB, MB (decimal), KiB or MiB (binary), as in 1KiB';

const REFUSED: readonly (readonly [Parse, string, string])[] = [
  [parseDurationUs, '5 parsecs', `"5 parsecs" has the unknown unit "parsecs"; ${DURATIONS}`],
  [parseDurationUs, '5sec', `"5sec" has the unknown unit "sec"; ${DURATIONS}; did you mean "s"?`],
  [parseDurationUs, '5 S', `"5 S" has the unknown unit "S"; ${DURATIONS}; did you mean "s"?`],
  [parseDurationUs, '5m', `"5m" has the unknown unit "m"; ${DURATIONS}; did you mean "min"?`],
  [parseDurationUs, '5µs', `"5µs" has the unknown unit "µs"; ${DURATIONS}; did you mean "us"?`],
  [parseDurationUs, '3d', `"3d" has the unknown unit "d"; ${DURATIONS}`],
  [parseDurationUs, '5', `"5" has no unit; ${DURATIONS}`],
  [parseDurationUs, '-5s', `"-5s" is negative; ${DURATIONS}`],
  [parseDurationUs, '', `"" is not a duration; ${DURATIONS}`],
  [parseDurationUs, 'soon', `"soon" is not a duration; ${DURATIONS}`],
  [parseDurationUs, '1.2.3s', `"1.2.3s" is not a duration; ${DURATIONS}`],
  [parseDurationUs, '1__0s', `"1__0s" is not a duration; ${DURATIONS}`],
  [parseDurationUs, `${'9'.repeat(30)}h`, `"${'9'.repeat(30)}h" is too large to count; ${DURATIONS}`],
  [parseRatePerSecond, '1000', `"1000" has no unit; ${RATES}`],
  [
    parseRatePerSecond,
    '1000 msg/s',
    `"1000 msg/s" has the unknown unit "msg/s"; ${RATES}; did you mean "/s"?`,
  ],
  [parseRatePerSecond, '1k/s', `"1k/s" has the unknown unit "k/s"; ${RATES}`],
  [parseSizeBytes, '1kb', `"1kb" has the unknown unit "kb"; ${SIZES}; did you mean "KB" or "KiB"?`],
  [parseSizeBytes, '1 GiB', `"1 GiB" has the unknown unit "GiB"; ${SIZES}`],
  [parseSizeBytes, '0.5B', `"0.5B" is not a whole number of bytes; ${SIZES}`],
  [parseShare, '0.3', '"0.3" has no unit; use %, as in 30%'],
  [parseCount, '1.5', '"1.5" is not a whole number; use digits without a unit, as in 1000'],
  [parseCount, '-3', '"-3" is negative; use digits without a unit, as in 1000'],
];

describe('a quantity is refused', () => {
  for (const [parse, text, message] of REFUSED) {
    it(`${parse.name} ${text}`, () => {
      assert.throws(() => parse(text), { name: 'ValueError', message, exitCode: 2 });
    });
  }
});

const UNITS: readonly (readonly [Parse, Readonly<Record<string, number>>])[] = [
  [parseDurationUs, { us: 1, ms: 1e3, s: 1e6, min: 6e7, h: 3.6e9 }],
  [parseSizeBytes, { B: 1, KB: 1e3, MB: 1e6, KiB: 1_024, MiB: 1_048_576 }],
  [parseRatePerSecond, { '/s': 1, '/min': 1 / 60, '/h': 1 / 3_600 }],
];

/** Writes a number as YAML users may: grouped by underscores or not, with a space before the unit or not. */
const written = (value: number, unit: string, group: '_' | '', space: ' ' | ''): string =>
  `${value.toLocaleString('en-US').replaceAll(',', group)}${space}${unit}`;

describe('units hold for all numbers:', () => {
  for (const [parse, units] of UNITS) {
    it(`${parse.name} reads back what was written`, () => {
      fc.assert(
        fc.property(
          fc.nat(1_000_000),
          fc.constantFrom(...Object.entries(units)),
          fc.constantFrom('_', ''),
          fc.constantFrom(' ', ''),
          (value, [unit, factor], group, space) => {
            const read = parse(written(value, unit, group, space));
            assert.ok(Math.abs(read - value * factor) <= 1e-12 * read, `${read}`);
          },
        ),
      );
    });
  }

  it('decimals are exact: n hundredths of a second are 10 n ms', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (hundredths) => {
        const text = `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}s`;
        assert.equal(parseDurationMs(text), hundredths * 10);
      }),
    );
  });

  it('any text gives a finite number, not negative, or a ValueError', () => {
    const parsers = [parseCount, parseDurationUs, parseRatePerSecond, parseShare, parseSizeBytes];
    const numeric = fc.stringMatching(/^[-+]?[0-9_.]{0,12} ?[a-zA-Z%/]{0,4}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), numeric), fc.constantFrom(...parsers), (text, parse) => {
        try {
          const value = parse(text);
          assert.ok(Number.isFinite(value) && value >= 0);
        } catch (error) {
          assert.ok(error instanceof ValueError, String(error));
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
