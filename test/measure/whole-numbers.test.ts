import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SchemaRecord } from '../../src/measure/index.ts';
import { WholeNumbers } from '../../src/measure/whole-numbers.ts';

function of(values: readonly number[]): WholeNumbers {
  const numbers = new WholeNumbers();
  for (const value of values) numbers.record(value);
  return numbers;
}

describe('a distribution of whole numbers', () => {
  it('has quantiles and a maximum: exact to 2047, beyond it to a thousandth', () => {
    const numbers = of(Array.from({ length: 1000 }, (_, index) => index + 1));
    assert.deepEqual([numbers.quantile(0.5), numbers.quantile(0.99), numbers.max], [500, 990, 1000]);
    const max = of([1_234_567]).max ?? 0;
    assert.ok(Math.abs(max - 1_234_567) <= 1235, String(max));
  });

  it('does not tell a quantile beyond which there are fewer than ten, and nothing of none', () => {
    assert.equal(of(Array.from({ length: 999 }, () => 1)).quantile(0.99), null);
    assert.deepEqual([of([]).quantile(0.5), of([]).max, of([]).encode()], [null, null, null]);
  });

  it('is the same whole as merged from parts', () => {
    // exact ones: of a larger one, the maximum is where its bucket ends once it was merged
    const values = fc.array(fc.nat(2047), { minLength: 20, maxLength: 60 });
    fc.assert(
      fc.property(values, values, (some, others) => {
        const merged = of(some);
        merged.add(of(others).encode());
        const whole = of([...some, ...others]);
        assert.deepEqual(
          [merged.count, merged.max, merged.quantile(0.5)],
          [whole.count, whole.max, whole.quantile(0.5)],
        );
      }),
    );
  });

  it('refuses what is no such number', () => {
    for (const value of [-1, Number.NaN, 1e12]) assert.throws(() => of([value]), RangeError);
  });
});

describe('the record of events', () => {
  it('adds up what its agents counted, by cell, and keeps the first example', () => {
    const [one, other] = [new SchemaRecord(), new SchemaRecord()];
    one.count({ writer: 'v3', reader: 'v1' }, 'silentlyWrong', 'total is 1 instead of 100');
    one.count({ writer: 'v1', reader: 'v1' }, 'ok');
    other.count({ writer: 'v3', reader: 'v1' }, 'silentlyWrong', 'total is 2 instead of 200');
    other.count({ writer: 'v3', reader: 'v1' }, 'rejectedAtPublish', 'v3 is not full');
    other.figures.sentBytes.record(70);
    const record = new SchemaRecord();
    for (const each of [one, other]) record.add(each.account());
    const told = record.cells.map(({ writer, reader, counts, example }) => [
      `${writer} as ${reader}`,
      counts.ok,
      counts.silentlyWrong,
      counts.rejectedAtPublish,
      example,
    ]);
    assert.deepEqual(told, [
      ['v1 as v1', 1, 0, 0, undefined],
      ['v3 as v1', 0, 2, 1, 'total is 1 instead of 100'],
    ]);
    assert.equal(record.figures.sentBytes.max, 70);
  });
});
