import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fateOf, type Fate } from '../../src/load/index.ts';

const SHARES = { poison: 0.01, malformed: 0.02, transient: 0.05 };

function counts(seed: number, producers = 2, each = 50_000): Record<Fate, number> {
  const found = { fine: 0, transient: 0, poison: 0, malformed: 0 };
  for (let producer = 0; producer < producers; producer++) {
    for (let sequence = 0; sequence < each; sequence++) found[fateOf(producer, sequence, SHARES, seed)]++;
  }
  return found;
}

describe('the fate of a message', () => {
  it('has the shares that were asked for', () => {
    for (const seed of [0, 1, 2 ** 31, 2 ** 32]) {
      const found = counts(seed);
      for (const [fate, share] of Object.entries(SHARES)) {
        // five standard deviations of a binomial
        const expected = share * 100_000;
        const off = Math.abs(found[fate as Fate] - expected);
        assert.ok(off <= 5 * Math.sqrt(expected), `${fate} ${found[fate as Fate]}, seed ${seed}`);
      }
    }
  });

  it('is the same whenever it is asked for, and another under another seed', () => {
    const fates = (seed: number): string =>
      Array.from({ length: 1000 }, (_, sequence) => fateOf(0, sequence, SHARES, seed)[0]).join('');
    assert.equal(fates(7), fates(7));
    assert.notEqual(fates(7), fates(8));
  });
});
