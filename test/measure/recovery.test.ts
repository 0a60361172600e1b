import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recoveriesOf, type IntervalRow } from '../../src/measure/index.ts';
import type { Disturbance, Phase } from '../../src/scenario/index.ts';

const [LOW, HIGH] = [100, 1000];

function phase(name: string, perSecond: number, seconds: number, warmup = false): Phase {
  return { name, fromPerSecond: perSecond, toPerSecond: perSecond, seconds, warmup };
}

/** warm-up to 2, before to 7, sale to 12, after to 22 */
const SALE = [
  phase('warm-up', LOW, 2, true),
  phase('before', LOW, 5),
  phase('sale', HIGH, 5),
  phase('after', LOW, 10),
];

/** The seconds of the sale: 5 ms and nothing waiting, but for those that are told. */
function secondsOf(told: Readonly<Record<number, Partial<IntervalRow>>>, count = 25): readonly IntervalRow[] {
  return Array.from({ length: count }, (_, second) => ({
    second,
    due: LOW,
    attempted: LOW,
    acknowledged: LOW,
    notAcknowledged: 0,
    delivered: LOW,
    backlog: 0,
    endToEndP50Us: 2000,
    endToEndP99Us: 5000,
    ...told[second],
  }));
}

type Recovery = ReturnType<typeof recoveriesOf>[number];

function recoveryOf(rows: readonly IntervalRow[], phases: readonly Phase[]): Recovery | undefined {
  return recoveriesOf(rows, { phases, disturbances: [], subscriptions: 1 })[0];
}

describe('recovery', () => {
  it('given a trial that never minded: takes no time', () => {
    assert.deepEqual(recoveryOf(secondsOf({}), SALE), {
      after: 'sale',
      before: 'before',
      seconds: 0,
      watchedSeconds: 10,
      drain: null,
    });
  });

  it('counts from the end of the busiest phase, whatever the warm-up was like', () => {
    const late = { endToEndP99Us: 900_000 };
    const rows = secondsOf({ 0: late, 9: late, 11: late, 12: late, 13: late, 14: late });
    assert.equal(recoveryOf(rows, SALE)?.seconds, 3);
  });

  it('given a backlog that is worked off: takes as long as it', () => {
    const rows = secondsOf({ 11: { backlog: 4000 }, 12: { backlog: 2000 }, 13: { backlog: 11 } });
    assert.equal(recoveryOf(rows, SALE)?.seconds, 2);
  });

  it('does not take one good second for a recovery', () => {
    const late = { endToEndP99Us: 50_000 };
    const rows = secondsOf({ 12: late, 14: late, 15: late });
    assert.equal(recoveryOf(rows, SALE)?.seconds, 4);
  });

  it('given one that is late to the end: has none', () => {
    const rows = secondsOf(
      Object.fromEntries(Array.from({ length: 13 }, (_, at) => [at + 12, { backlog: 500 }])),
    );
    assert.deepEqual(recoveryOf(rows, SALE), {
      after: 'sale',
      before: 'before',
      seconds: null,
      watchedSeconds: 10,
      drain: null,
    });
  });

  it('judges a second with too few deliveries for a p99 by its backlog', () => {
    const rows = secondsOf({ 12: { endToEndP99Us: null, backlog: 300 }, 13: { endToEndP99Us: null } });
    assert.equal(recoveryOf(rows, SALE)?.seconds, 1);
  });

  it('is compared with what was usual before, of which a single slow second is no part', () => {
    const rows = secondsOf({ 4: { endToEndP99Us: 800_000 }, 12: { endToEndP99Us: 11_000 } });
    assert.equal(recoveryOf(rows, SALE)?.seconds, 1);
  });

  it('tells how what had piled up was worked off, and how long its own rate would have taken', () => {
    // 800 of 1000 a second in the sale, so that 1000 wait; 100 a second come in after it
    const delivered = (count: number, backlog: number): Partial<IntervalRow> => ({
      delivered: count,
      backlog,
    });
    const rows = secondsOf({
      7: delivered(800, 200),
      8: delivered(800, 400),
      9: delivered(800, 600),
      10: delivered(800, 800),
      11: delivered(800, 1000),
      12: delivered(700, 400),
      13: delivered(500, 0),
    });
    assert.deepEqual(recoveryOf(rows, SALE)?.drain, {
      backlog: 1000,
      seconds: 2,
      deliveredPerSecond: 600,
      // all but the 10 that are usual, by 800 less 100
      predictedSeconds: 990 / 700,
    });
  });

  it('predicts over the end of the load, when nothing comes in any more', () => {
    const rows = secondsOf(
      Object.fromEntries(
        Array.from({ length: 18 }, (_, at) => [at + 7, { delivered: 150, backlog: 850 * (at + 1) }]),
      ),
    );
    const drain = recoveryOf(rows, SALE)?.drain;
    assert.equal(drain?.seconds, null);
    // 10 s at 150 less 100, and the rest at 150
    assert.equal(drain?.predictedSeconds, 10 + (5 * 850 - 10 - 500) / 150);
  });

  it('has no prediction where nothing was delivered in the peak', () => {
    const rows = secondsOf(
      Object.fromEntries(
        Array.from({ length: 5 }, (_, at) => [at + 7, { delivered: 0, backlog: 1000 * (at + 1) }]),
      ),
    );
    assert.deepEqual(recoveryOf(rows, SALE)?.drain, {
      backlog: 5000,
      seconds: 1,
      deliveredPerSecond: LOW,
      predictedSeconds: null,
    });
  });

  it('does not exist for a load without a peak, or with nothing measured on either side of it', () => {
    assert.equal(
      recoveryOf(secondsOf({}), [phase('warm-up', LOW, 2, true), phase('steady', LOW, 10)]),
      undefined,
    );
    assert.equal(recoveryOf(secondsOf({}), SALE.slice(0, 3)), undefined);
    assert.equal(recoveryOf(secondsOf({}), SALE.slice(2)), undefined);
    assert.equal(recoveryOf([], []), undefined);
  });
});

describe('recovery from a disturbance', () => {
  const STEADY = [phase('warm-up', LOW, 2, true), phase('steady', LOW, 20)];
  const pause: Disturbance = { name: 'pause at 8 s', fromSeconds: 8, toSeconds: 12 };

  function after(rows: readonly IntervalRow[], disturbance = pause): Recovery | undefined {
    return recoveriesOf(rows, { phases: STEADY, disturbances: [disturbance], subscriptions: 1 })[0];
  }

  it('counts from its end, and is compared with its phase before it', () => {
    const late = { endToEndP99Us: 900_000 };
    const rows = secondsOf({ 0: late, 1: late, 8: late, 9: late, 10: late, 11: late, 12: late });
    const { after: what, before, seconds, watchedSeconds } = after(rows) ?? {};
    assert.deepEqual([what, before, seconds, watchedSeconds], ['pause at 8 s', 'steady', 1, 10]);
  });

  it('predicts by the best second after it', () => {
    const rows = secondsOf({
      8: { delivered: 0, backlog: 100 },
      9: { delivered: 0, backlog: 200 },
      10: { delivered: 0, backlog: 300 },
      11: { delivered: 0, backlog: 400 },
      12: { delivered: 200, backlog: 300 },
      13: { delivered: 400, backlog: 0 },
    });
    assert.deepEqual(after(rows)?.drain, {
      backlog: 400,
      seconds: 2,
      deliveredPerSecond: 300,
      predictedSeconds: 390 / 300,
    });
  });

  it('counts nothing as worked off that turned out not to have been acknowledged', () => {
    const workedOff = (notAcknowledged: number): number | undefined =>
      after(secondsOf({ 11: { backlog: 200 }, 12: { notAcknowledged } }))?.drain?.backlog;
    assert.deepEqual([workedOff(0), workedOff(50), workedOff(200)], [200, 150, undefined]);
  });

  it('does not exist where no second of the load lies on either side', () => {
    assert.equal(after(secondsOf({}), { ...pause, fromSeconds: 2.5 }), undefined);
    assert.equal(after(secondsOf({}), { ...pause, toSeconds: 21.5 }), undefined);
  });

  it('comes after that from the peak, and one for each', () => {
    const disturbances = [pause, { ...pause, name: 'kill at 14 s', fromSeconds: 14, toSeconds: 15 }];
    const recoveries = recoveriesOf(secondsOf({}), { phases: SALE, disturbances, subscriptions: 1 });
    assert.deepEqual(
      recoveries.map((each) => each.after),
      ['sale', 'pause at 8 s', 'kill at 14 s'],
    );
  });
});
