import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evaluate } from '../../src/measure/index.ts';
import { parseCheck } from '../../src/scenario/index.ts';

describe('a check', () => {
  /** check, and what it says of values below, at and above its bound */
  const table: readonly (readonly [string, number, readonly [boolean, boolean, boolean]])[] = [
    ['endToEnd.p99 < 100ms', 100_000, [true, false, false]],
    ['endToEnd.p99 <= 100ms', 100_000, [true, true, false]],
    ['delivered.rate > 990/s', 990, [false, false, true]],
    ['delivered.rate >= 990/s', 990, [false, true, true]],
    ['ledger.lost == 5', 5, [false, true, false]],
    ['ledger.lost != 5', 5, [true, false, true]],
  ];
  for (const [text, bound, expected] of table) {
    it(`${text}: of ${bound - 1}, ${bound} and ${bound + 1} says ${expected.join(', ')}`, () => {
      const check = parseCheck(text);
      const outcomes = [bound - 1, bound, bound + 1].map((value) => evaluate(check, value));
      assert.deepEqual(
        outcomes.map((outcome) => outcome.passed),
        expected,
      );
      assert.deepEqual(outcomes[0], { check: text, value: bound - 1, bound, passed: expected[0] });
    });
  }

  it('given too few samples to say: fails, whatever it asks', () => {
    for (const operator of ['<', '<=', '>', '>=', '==', '!='])
      assert.equal(evaluate(parseCheck(`endToEnd.p99 ${operator} 1ms`), null).passed, false, operator);
  });
});
