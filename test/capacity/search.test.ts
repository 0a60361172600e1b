import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { searchCapacity, type Fit } from '../../src/capacity/search.ts';
import { Random } from '../../src/stats/index.ts';

const OPTIONS = {
  startPerSecond: 1000,
  leastPerSecond: 10,
  mostPerSecond: 100_000,
  precision: 0.05,
  repeats: 3,
};

/** A broker that carries exactly so much, and the rates it was tried at. */
function broker(capacity: number, limit: Fit = 'too much') {
  const tried: number[] = [];
  const probe = async (perSecond: number): Promise<Fit> => {
    tried.push(perSecond);
    return perSecond <= capacity ? 'fits' : limit;
  };
  return { tried, probe };
}

describe('the search for a capacity', () => {
  it('finds it within its precision, and brackets it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 20, max: 90_000, noNaN: true }), async (capacity) => {
        const { tried, probe } = broker(capacity);
        const found = await searchCapacity(probe, OPTIONS);
        assert.ok(found.fitsPerSecond <= capacity && capacity < (found.tooMuchPerSecond ?? Infinity));
        assert.ok(Math.abs(found.perSecond / capacity - 1) <= 0.05, `${found.perSecond} for ${capacity}`);
        assert.deepEqual([found.limit, found.isConfirmed], ['broker', true]);
        assert.ok(tried.length < 25, `${tried.length} trials`);
      }),
    );
  });

  it('tells that the least is too much, and makes no more trials of it than it takes', async () => {
    const { tried, probe } = broker(5);
    const found = await searchCapacity(probe, OPTIONS);
    assert.deepEqual([found.perSecond, found.fitsPerSecond, found.tooMuchPerSecond], [0, 0, 10]);
    assert.ok(tried.length <= 8);
  });

  it('tells that the most fits', async () => {
    const found = await searchCapacity(broker(1e9).probe, OPTIONS);
    assert.deepEqual(
      [found.perSecond, found.tooMuchPerSecond, found.limit],
      [100_000, undefined, 'none found'],
    );
  });

  it('tells that mqbench was the limit', async () => {
    const found = await searchCapacity(broker(3000, 'too much for mqbench').probe, OPTIONS);
    assert.equal(found.limit, 'mqbench');
  });

  it('is not misled by one trial that was unlucky', async () => {
    let tries = 0;
    const { probe } = broker(3000);
    const found = await searchCapacity(
      (perSecond) => (++tries === 2 ? Promise.resolve('too much') : probe(perSecond)),
      OPTIONS,
    );
    // the search goes astray, and the repeated trials bring it back as far as it may move
    assert.ok(found.fitsPerSecond <= 3000 && found.perSecond > 1100, String(found.perSecond));
  });

  it('of trials that are lucky now and then: brackets what most of them carry, and says whether it is sure', async () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = new Random(seed, 'luck');
      // a tenth of the trials near the limit come out otherwise than most
      const probe = async (perSecond: number): Promise<Fit> => {
        const near = Math.abs(Math.log(perSecond / 3000)) < 0.1;
        const fits = perSecond <= 3000 !== (near && random.next() < 0.1);
        return fits ? 'fits' : 'too much';
      };
      const found = await searchCapacity(probe, OPTIONS);
      if (found.isConfirmed) assert.ok(Math.abs(Math.log(found.perSecond / 3000)) < 0.15, `seed ${seed}`);
    }
  });
});
