import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { SettledOffsets } from '../../src/drivers/settled-offsets.ts';

function given(delivered: readonly number[], settled: readonly number[] = []): SettledOffsets {
  const offsets = new SettledOffsets();
  for (const offset of delivered) offsets.deliver(offset);
  for (const offset of settled) offsets.settle(offset);
  return offsets;
}

describe('the offset that all before is settled', () => {
  const cases: readonly (readonly [string, readonly number[], readonly number[], number | undefined])[] = [
    ['nothing delivered', [], [], undefined],
    ['nothing settled', [5, 6], [], undefined],
    ['in turn', [5, 6, 7], [5, 6], 7],
    ['out of turn, the first missing', [5, 6, 7], [6, 7], undefined],
    ['out of turn, the first last', [5, 6, 7], [7, 6, 5], 8],
    ['over a gap', [5, 8, 9], [5, 8], 9],
  ];
  for (const [name, delivered, settled, expected] of cases) {
    test(`given ${name}, then it is ${expected}`, () => {
      assert.equal(given(delivered, settled).passed, expected);
    });
  }

  test('given one that was committed, then there is nothing to commit until it grows', () => {
    const offsets = given([1, 2], [1]);
    assert.equal(offsets.committable, 2);
    offsets.committed(2);
    assert.equal(offsets.committable, undefined);
    offsets.settle(2);
    assert.equal(offsets.committable, 3);
  });

  test('given any order of settling, then it never passes an unsettled offset, nor stays behind a settled one', () => {
    const orders = fc
      .uniqueArray(fc.nat(5000), { maxLength: 3000, minLength: 1 })
      .map((offsets) => ({ delivered: [...offsets].sort((a, b) => a - b), settled: offsets }));
    fc.assert(
      fc.property(orders, fc.nat(3000), ({ delivered, settled }, count) => {
        const done = new Set(settled.slice(0, count));
        const passed = given(delivered, [...done]).passed;
        const firstOpen = delivered.findIndex((offset) => !done.has(offset));
        const before = firstOpen === -1 ? delivered.at(-1) : delivered[firstOpen - 1];
        assert.equal(passed, before === undefined ? undefined : before + 1);
      }),
      { numRuns: 50 },
    );
  });
});
