import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { median, theilSenSlope } from '../../src/stats/index.ts';

const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });

describe('median', () => {
  const table: readonly (readonly [string, readonly number[], number | undefined])[] = [
    ['none', [], undefined],
    ['one', [7], 7],
    ['an odd count, unsorted', [9, 1, 5], 5],
    ['an even count: the mean of the middle two', [4, 1, 3, 2], 2.5],
    ['numbers that sort otherwise as text', [10, 9, 100], 10],
    ['infinities', [Infinity, 1, 2], 2],
  ];
  for (const [what, values, expected] of table) {
    it(`of ${what} is ${expected}`, () => assert.equal(median(values), expected));
  }

  it('has as many values above as below, in whatever order, and leaves its input alone', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        const before = [...values];
        const middle = median(values) ?? NaN;
        assert.ok(values.filter((each) => each < middle).length <= values.length / 2);
        assert.ok(values.filter((each) => each > middle).length <= values.length / 2);
        assert.equal(median(values.toReversed()), middle);
        assert.deepEqual(values, before);
      }),
    );
  });
});

describe('theilSenSlope', () => {
  it('of fewer than two points is 0', () => {
    assert.equal(theilSenSlope([]), 0);
    assert.equal(theilSenSlope([5]), 0);
  });

  it('of a line is its slope', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1000, max: 1000 }),
        fc.integer({ min: -1000, max: 1000 }),
        fc.integer({ min: 2, max: 60 }),
        (start, slope, length) => {
          assert.equal(theilSenSlope(Array.from({ length }, (_, at) => start + slope * at)), slope);
        },
      ),
    );
  });

  it('is unmoved by a quarter of outliers, wherever they are', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(39), { minLength: 1, maxLength: 10 }),
        fc.array(value, { minLength: 40, maxLength: 40 }),
        (outliers, wild) => {
          const values = Array.from({ length: 40 }, (_, at) => 3 * at);
          for (const at of outliers) values[at] = wild[at] ?? 0;
          assert.equal(theilSenSlope(values), 3);
        },
      ),
    );
  });

  it('turns its sign with the values, and with time', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 30 }), (values) => {
        const slope = theilSenSlope(values);
        const near = (other: number): boolean => Math.abs(other + slope) <= 1e-9 * (1 + Math.abs(slope));
        assert.ok(near(theilSenSlope(values.map((each) => -each))));
        assert.ok(near(theilSenSlope(values.toReversed())));
      }),
    );
  });

  it('of a day of seconds is found at once, not from its four billion pairs', () => {
    const day = Array.from({ length: 86_400 }, (_, second) => 2 * second + (second % 7));
    assert.ok(Math.abs(theilSenSlope(day) - 2) < 0.01);
  });
});
