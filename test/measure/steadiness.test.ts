import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { IntervalRow } from '../../src/measure/index.ts';
import { unsteadiness } from '../../src/measure/steadiness.ts';

function phase(p50s: readonly (number | null)[], toPerSecond = 100) {
  const rows = p50s.map((endToEndP50Us, second): IntervalRow => ({
    second,
    due: 100,
    attempted: 100,
    acknowledged: 100,
    notAcknowledged: 0,
    delivered: 100,
    backlog: 0,
    endToEndP50Us,
    endToEndP99Us: null,
  }));
  return { name: 'steady', fromPerSecond: 100, toPerSecond, rows };
}

const LEVEL = [1000, 1020, 990, 1010, 1000, 980, 1030, 1000, 1010, 990, 1000, 1005];

describe('steadiness', () => {
  it('is there where p50 stays as it is', () => {
    assert.deepEqual(unsteadiness([phase(LEVEL)]), []);
  });

  it('is missing where the first seconds were slower, and says how many', () => {
    assert.deepEqual(unsteadiness([phase([9000, 6000, 3000, ...LEVEL])]), [
      'the first 3 s of steady were not like the rest: p50 went from 6.00 to 1.00 ms; a longer warm-up would leave them out',
    ]);
  });

  it('gives advice about the warm-up only for what follows it', () => {
    const [line] = unsteadiness([
      phase(LEVEL),
      { ...phase([900_000, 600_000, 300_000, ...LEVEL]), name: 'after' },
    ]);
    assert.equal(line, 'the first 3 s of after were not like the rest: p50 went from 600 to 1.00 ms');
  });

  it('is missing where nothing settles', () => {
    const rising = Array.from({ length: 30 }, (_, second) => 1000 + 200 * second);
    const [line] = unsteadiness([phase(rising)]);
    assert.match(line ?? '', /^steady did not settle: p50 went from 2\.40 to 5\.40 ms between its halves$/);
  });

  it('is not asked of a ramp, nor of a few seconds', () => {
    assert.deepEqual(unsteadiness([phase([9000, ...LEVEL], 200), phase([9000, 1000, 1000])]), []);
  });
});
