import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TrialResult } from '../../src/result/index.ts';
import type { SagaSpec, Scenario } from '../../src/scenario/index.ts';
import { trialOnMemory } from '../run/fixtures/on-memory.ts';
import { phase, scenarioOf } from '../run/fixtures/scenario.ts';

const STORMY: SagaSpec = {
  style: 'orchestration',
  articles: 10,
  stock: 1000,
  declines: 0.1,
  refusals: 0.1,
  crashes: 0.1,
  duplicates: 0.1,
  placing: 'direct',
  placingCrashes: 0,
  inbox: true,
};

/** 200 orders in a second. */
async function shop(
  changes: Partial<SagaSpec>,
  faults: object = {},
  of: Scenario['consumers']['of'] = {},
): Promise<TrialResult> {
  const scenario = scenarioOf({
    workload: 'saga',
    saga: { ...STORMY, ...changes },
    messages: { sizeBytes: 100, keys: { distribution: 'uniform', count: 50 } },
    topology: { partitions: 2, subscriptions: ['orders'] },
    consumers: { count: 1, window: 1000, workMs: 0, changes: [], of },
    load: { arrivals: 'uniform', phases: [phase('shop', 200, 1)] },
    drain: { timeoutSeconds: 8, quietSeconds: 0.5 },
  });
  return trialOnMemory(scenario, faults);
}

function sagaOf({ saga }: TrialResult): NonNullable<TrialResult['saga']> {
  assert.ok(saga !== null);
  return saga;
}

describe('a saga', () => {
  for (const style of ['orchestration', 'choreography'] as const) {
    it(`in ${style}: brings each order to one end, whatever is declined, refused, repeated or crashes`, async () => {
      const trial = await shop({ style });
      const { started, completed, rejected, cancelled, unended, sold, ignored, invariants } = sagaOf(trial);
      assert.equal(started, 200);
      assert.deepEqual([completed + rejected + cancelled, unended], [200, 0]);
      assert.ok(rejected > 5 && cancelled > 5 && ignored > 20, `${rejected} ${cancelled} ${ignored}`);
      assert.equal(sold, completed);
      assert.deepEqual(
        invariants.filter(({ violations }) => violations > 0),
        [],
      );
      assert.notEqual(trial.verdict, 'incorrect');
    });

    it(`in ${style}: sells what there is, and not one piece more`, async () => {
      const { completed, rejected, sold } = sagaOf(
        await shop({ style, articles: 1, stock: 60, declines: 0, refusals: 0 }),
      );
      assert.deepEqual([completed, sold, rejected], [60, 60, 140]);
    });
  }

  it('with a slow payment service: has completed orders wait for it twice, rejected ones once, and all end', async () => {
    const calm = { declines: 0.2, refusals: 0, crashes: 0, duplicates: 0 };
    const trial = await shop(calm, {}, { payment: { workMs: 150 } });
    const { unended, completed, rejected, latency, invariants } = sagaOf(trial);
    assert.equal(unended, 0);
    assert.ok(completed > 100 && rejected > 20, `${completed} ${rejected}`);
    // authorise and capture; a timer may be up to 1 ms early, and a histogram is exact to a thousandth
    assert.ok((latency.completed.minUs ?? 0) >= 297_000, String(latency.completed.minUs));
    // authorise, and declined
    assert.ok((latency.rejected.minUs ?? 0) >= 148_000, String(latency.rejected.minUs));
    assert.ok((latency.rejected.minUs ?? 0) < 300_000, String(latency.rejected.minUs));
    assert.deepEqual(
      invariants.filter(({ violations }) => violations > 0),
      [],
    );
  });

  it('with several consumers of a service: has them work on it together', async () => {
    const trial = await shop({}, {}, { payment: { count: 2, workMs: 5 }, orders: { workMs: 30 } });
    const { started, unended, latency } = sagaOf(trial);
    assert.deepEqual([started, unended], [200, 0]);
    assert.ok((latency.completed.minUs ?? 0) >= 30_000, String(latency.completed.minUs));
    assert.notEqual(trial.verdict, 'incorrect');
  });

  it('without an inbox: does things twice, and is convicted of it', async () => {
    const trial = await shop({ inbox: false });
    assert.equal(trial.verdict, 'incorrect');
    assert.match(trial.warnings.join('\n'), /broken: what is paid is what completed orders cost/);
  });

  it('with a naive dual write: has orders of which nobody heard, and says how many', async () => {
    const trial = await shop({ crashes: 0, duplicates: 0, placing: 'dual-write', placingCrashes: 0.1 });
    const { lost } = trial.ledger;
    assert.ok(lost > 5 && lost < 50, String(lost));
    assert.equal(sagaOf(trial).started, 200 - lost);
    assert.equal(trial.verdict, 'incorrect');
    assert.match(trial.warnings.join('\n'), new RegExp(`^${lost} acknowledged and lost`, 'm'));
  });

  it('with an outbox: has every order, and publishes again what it had not noted', async () => {
    const trial = await shop({ placing: 'outbox', placingCrashes: 0.1 });
    const { started, unended, invariants } = sagaOf(trial);
    assert.deepEqual([trial.ledger.lost, started, unended], [0, 200, 0]);
    assert.equal(
      invariants.reduce((sum, { violations }) => sum + violations, 0),
      0,
    );
    assert.notEqual(trial.verdict, 'incorrect');
  });

  it('on a broker that loses messages: has orders that never end, and says how many', async () => {
    const trial = await shop({ crashes: 0, duplicates: 0 }, { loss: 0.01 });
    assert.ok(sagaOf(trial).unended > 0);
    assert.notEqual(trial.verdict, 'sustained');
  });
});
