import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  compare,
  comparisonPage,
  compareSides,
  DEFAULT_POLICY,
  type Comparison,
  type Policy,
} from '../../src/compare/index.ts';
import type { Result, TrialResult } from '../../src/result/index.ts';
import { measuredUpTo, resultOf, trialOf } from '../result/fixtures/sample.ts';
import { CALM, campaignOf, GATE, gated, LATER, STEADY } from './fixtures/campaigns.ts';

/** A steady one, of which each trial is changed by its place. */
function campaign(
  changes?: (index: number) => Partial<TrialResult>,
  of: Partial<Result> = {},
  slowestUs: readonly number[] = STEADY,
): Result {
  return campaignOf(slowestUs, changes, of);
}

function against(base: Result, current: Result, changes: Partial<Policy> = {}): Comparison {
  return compare([base], [current], { ...DEFAULT_POLICY, ...changes });
}

const check = (passed: boolean): Partial<TrialResult> => ({
  checks: [{ check: 'endToEnd.p50 <= 1ms', value: 2000, bound: 1000, unit: 'us', passed }],
});

describe('a gate that could show nothing', () => {
  it('is undecided, however much the policy lets pass: so few trials are no trial', () => {
    const few = (of: Partial<Result>, factor: number): Result =>
      campaign(
        undefined,
        of,
        [4000, 4010].map((us) => us * factor),
      );
    const comparison = against(few({}, 1), few(LATER, 20), { inconclusive: 'pass' });
    assert.deepEqual([gated(comparison).powerless, comparison.outcome], [true, 'undecided']);
  });

  it('is told where it is about nothing that was run, and nothing gated is undecided', () => {
    const gates = [{ ...GATE, targets: ['nats'] }];
    const comparison = against(campaign(), campaign(undefined, LATER), { gates });
    assert.equal(comparison.outcome, 'undecided');
    assert.deepEqual(comparison.warnings, ['the gate on endToEnd.p99 of nats is about nothing that was run']);
  });

  it('of the name of either side is about both', () => {
    const sides = (['a', 'b'] as const).flatMap((side) =>
      STEADY.map((us, index) =>
        trialOf({ side, target: `shop@${side}`, repeat: index + 1, measured: measuredUpTo(us) }),
      ),
    );
    const result = resultOf(sides, { scenarios: [{ name: 'checkout' }, { name: 'checkout' }] });
    const comparison = compareSides(result, { ...DEFAULT_POLICY, gates: [{ ...GATE, targets: ['shop'] }] });
    assert.equal(gated(comparison).target, 'shop@a → shop@b');
    assert.match(comparisonPage(comparison), /^<!-- mqbench:compare checkout on shop -->/);
  });
});

describe('a check', () => {
  it('that failed once before fails where it always does now, and not where it does once again', () => {
    const base = campaign((index) => check(index > 0));
    assert.equal(
      against(
        base,
        campaign(() => check(false), LATER),
      ).failures[0]?.kind,
      'check',
    );
    const again = against(
      base,
      campaign((index) => check(index > 0), LATER),
    );
    assert.deepEqual(again.failures, []);
    assert.match(again.notes.join('\n'), /does not hold in 1 of 6 trials, and in 1 of 6 of the baseline/);
  });

  it('that is new and fails is told as new, and one that is gone lets nothing pass without a warning', () => {
    const fresh = against(
      campaign(),
      campaign(() => check(false), LATER),
    );
    assert.match(fresh.failures[0]?.message ?? '', /does not hold in 6 of 6 trials, and is new$/);
    const gone = against(
      campaign(() => check(true)),
      campaign(undefined, LATER),
    );
    assert.match(comparisonPage(gone), /^### Passed, with a warning: /m);
    assert.deepEqual(gone.warnings, [
      'checkout on kafka: the check endToEnd.p50 <= 1ms is not made any more',
    ]);
  });
});

describe('a baseline', () => {
  it('that did not run to its end is nothing to compare with', () => {
    for (const base of [
      campaign(() => ({ verdict: 'failed' })),
      campaign(undefined, { interrupted: true }),
    ]) {
      const comparison = against(base, campaign(undefined, LATER));
      assert.equal(comparison.outcome, 'undecided');
      assert.equal(gated(comparison).reason, 'the baseline did not run to its end');
    }
  });

  for (const verdict of ['incorrect', 'overloaded'] as const) {
    it(`that was ${verdict} in each trial is improved on by what never is, and by nothing that is slower than some of it`, () => {
      const comparison = against(
        campaign(() => ({ verdict })),
        campaign(undefined, LATER),
      );
      assert.deepEqual([gated(comparison).verdict, comparison.outcome], ['improved', 'passed']);
      assert.equal(gated(comparison).reason, `each trial of the baseline was ${verdict}, and none is now`);
      const once = campaign((index) => (index < 1 ? { verdict } : {}));
      const slower = against(
        once,
        campaign(
          undefined,
          LATER,
          STEADY.map((us) => us * 20),
        ),
      );
      assert.notEqual(slower.outcome, 'passed');
      const same = against(once, campaign(undefined, LATER));
      assert.deepEqual([gated(same).verdict, same.outcome], ['not comparable', 'undecided']);
    });
  }

  it('with another seed, or another Node, is not comparable, and a patch of Node is no other', () => {
    assert.match(
      gated(against(campaign(), campaign(undefined, { ...LATER, seed: 2 }))).reason ?? '',
      /^another load: seed 1, then 2$/,
    );
    const node = (version: string): Partial<Result> => ({
      ...LATER,
      tool: { version: '0.1.0', node: version },
    });
    assert.equal(gated(against(campaign(), campaign(undefined, node('24.99.0')))).verdict, 'equivalent');
    assert.match(
      gated(against(campaign(), campaign(undefined, node('26.0.0')))).reason ?? '',
      /^another tool: node 24, then 26$/,
    );
  });
});

describe('counts', () => {
  const duplicates = (counts: readonly number[], of: Partial<Result> = {}): Result =>
    campaign((index) => ({ ledger: { ...trialOf().ledger, duplicates: counts[index] ?? 0 } }), of);
  const gates = [{ ...GATE, metric: 'ledger.duplicates', tolerance: 0.1 }];
  const now = (counts: readonly number[], before: readonly number[], of: Partial<Result> = {}): Comparison =>
    against(duplicates(before), duplicates(counts, { ...LATER, ...of }), { gates });

  it('of which some are 0 are compared as one more each', () => {
    const more = now([500, 501, 502, 503, 504, 505], [1, 0, 0, 0, 0, 0]);
    assert.deepEqual([gated(more).verdict, more.outcome], ['regressed', 'failed']);
    assert.match(gated(more).reason ?? '', /the ratio is of one more each$/);
    assert.equal(now([1, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0]).outcome, 'passed');
  });

  it('that become 0 are improved', () => {
    const comparison = now([0, 0, 0, 0, 0, 0], [5, 5, 5, 5, 5, 5]);
    assert.deepEqual([gated(comparison).verdict, comparison.outcome], ['improved', 'passed']);
  });

  it('do not hang on how fast the machine is', () => {
    const canary = { before: CALM, after: { ...CALM, spinUs: 999 } };
    assert.equal(now([7, 7, 7, 7, 7, 7], [0, 0, 0, 0, 0, 0], { canary }).outcome, 'failed');
  });

  it('that the contract lets be are a warning all the same', () => {
    const lost = (count: number, of: Partial<Result> = {}): Result =>
      campaign(() => ({ ledger: { ...trialOf().ledger, lost: count } }), of);
    const { warnings, outcome } = against(lost(0), lost(540, LATER));
    assert.equal(outcome, 'passed');
    assert.deepEqual(warnings, [
      'checkout on kafka: ledger.lost: 0 in each trial of the baseline, and up to 540 now, which the contract lets be',
    ]);
  });
});

it('what neither side can run is told, and what one cannot any more fails', () => {
  const refusals = [{ scenario: 'checkout', target: 'sqs', reason: 'no order' }];
  const both = against(campaign(undefined, { refusals }), campaign(undefined, { ...LATER, refusals }));
  assert.equal(both.outcome, 'passed');
  assert.ok(both.notes.includes('checkout on sqs: refused: no order'));
  const now = campaign(undefined, {
    ...LATER,
    trials: [],
    refusals: [{ scenario: 'checkout', target: 'kafka', reason: 'no order' }],
  });
  const comparison = against(campaign(), now);
  assert.deepEqual(
    comparison.failures.map(({ kind, message }) => [kind, message]),
    [['vanished', 'refused: no order']],
  );
  assert.equal(comparison.outcome, 'failed');
});

it('what nobody gated has no verdict in any format', () => {
  const told = against(
    campaign(),
    campaign(
      undefined,
      LATER,
      STEADY.map((us) => us * 5),
    ),
  ).rows.filter(({ tolerance }) => tolerance === null);
  assert.ok(told.length > 0 && told.every(({ verdict }) => verdict === 'not gated'));
});
