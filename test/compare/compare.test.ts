import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import {
  compare,
  comparisonPage,
  DEFAULT_POLICY,
  junitXml,
  type Comparison,
  type Policy,
} from '../../src/compare/index.ts';
import type { Result, TrialResult } from '../../src/result/index.ts';
import { latencyOf, resultOf, trialOf } from '../result/fixtures/sample.ts';
import { CALM, campaignOf, GATE, gated, LATER, STEADY } from './fixtures/campaigns.ts';

/** A campaign of a trial for each of these, whose latencies rise to so many µs. */
function campaign(
  slowestUs: readonly number[],
  changes: Partial<TrialResult> = {},
  of: Partial<Result> = {},
): Result {
  return campaignOf(slowestUs, () => changes, of);
}

const BASE = campaign(STEADY);

function against(current: Result, changes: Partial<typeof DEFAULT_POLICY> = {}, base = BASE): Comparison {
  return compare([base], [current], { ...DEFAULT_POLICY, ...changes });
}

function times(factor: number): readonly number[] {
  return STEADY.map((us) => us * factor);
}

describe('a comparison', () => {
  it('of the same values is equivalent, and passes', () => {
    const comparison = against(campaign(STEADY, {}, LATER));
    assert.deepEqual([gated(comparison).verdict, comparison.outcome], ['equivalent', 'passed']);
    assert.equal(gated(comparison).tolerance, 0.2, 'twice, since they were not interleaved');
  });

  it('with 50 % more is regressed, and fails, by that ratio and within its interval', () => {
    const comparison = against(campaign(times(1.5), {}, LATER));
    const { verdict, ratio, interval } = gated(comparison);
    assert.deepEqual([verdict, comparison.outcome], ['regressed', 'failed']);
    assert.ok(Math.abs((ratio ?? 0) - 1.5) < 0.02);
    assert.ok(interval !== null && interval[0] < 1.5 && interval[1] > 1.5);
  });

  it('with a third less is improved, and passes', () => {
    const comparison = against(campaign(times(0.66), {}, LATER));
    assert.deepEqual([gated(comparison).verdict, comparison.outcome], ['improved', 'passed']);
  });

  it('of one trial each says how many it takes, and is inconclusive by its name', () => {
    const comparison = compare([campaign([4000])], [campaign([9000], {}, LATER)], {
      ...DEFAULT_POLICY,
      inconclusive: 'fail',
    });
    assert.deepEqual([gated(comparison).verdict, comparison.outcome], ['inconclusive', 'undecided']);
    assert.match(
      gated(comparison).reason ?? '',
      /cannot show anything of 1 gated row: 4 of each are needed$/,
    );
    assert.match(comparisonPage(comparison), /^### Undecided: of 1 gated row, 1 inconclusive$/m);
  });
});

describe('what cannot be compared is told, and never passes:', () => {
  const NOT: readonly (readonly [what: string, current: Result, reason: RegExp])[] = [
    [
      'another machine',
      campaign(STEADY, {}, { ...LATER, host: { ...BASE.host, cpu: 'other', fingerprint: 'other' } }),
      /^another machine: cpu .*, then other/,
    ],
    [
      'another load',
      campaign(STEADY, {}, { ...LATER, scenarios: [{ name: 'checkout', messages: { sizeBytes: 9 } }] }),
      /^another load: messages\.sizeBytes none, then 9$/,
    ],
    [
      'another contract',
      campaign(STEADY, { contract: { ...trialOf().contract, settings: { acks: 1 } } }, LATER),
      /^another contract: acks all, then 1; min\.insync\.replicas 2, then none$/,
    ],
    [
      'another server',
      campaign(STEADY, { server: { ...trialOf().server, version: '5.0' } }, LATER),
      /^another server: version 4\.1\.0, then 5\.0$/,
    ],
    [
      'another client',
      campaign(STEADY, { client: { ...trialOf().client, version: '9' } }, LATER),
      /^another client: version 2\.12\.1, then 9$/,
    ],
    [
      'an emulator',
      campaign(STEADY, { server: { ...trialOf().server, emulated: true } }, LATER),
      /an emulator against the real: emulated false, then true/,
    ],
    [
      'swapped files',
      campaign(STEADY, {}, { id: 'older', startedAt: '2020-01-01T00:00:00.000Z' }),
      /^the baseline is newer, .*: are they swapped\?$/,
    ],
    [
      'a client that was the limit',
      campaign(STEADY, { verdict: 'client-limited' }, LATER),
      /^client-limited were 0 of 6 trials of the baseline and 6 of 6 of the other: /,
    ],
  ];
  for (const [what, current, reason] of NOT) {
    it(what, () => {
      const comparison = against(current);
      assert.deepEqual([gated(comparison).verdict, comparison.outcome], ['not comparable', 'undecided']);
      assert.match(gated(comparison).reason ?? '', reason);
    });
  }

  it('unless it is allowed by its name, which is told', () => {
    const [, other] = NOT.find(([what]) => what === 'another server') ?? [];
    assert.ok(other !== undefined);
    const comparison = against(other, { allow: ['server'] });
    assert.equal(gated(comparison).verdict, 'equivalent');
    assert.deepEqual(comparison.notes, [
      'checkout on kafka: another server: version 4.1.0, then 5.0 (allowed)',
    ]);
  });
});

describe('where the machine changed,', () => {
  const told = (before: object, after: object | null): Partial<Result> => ({
    canary: { before: { ...CALM, ...before }, after: after && { ...CALM, ...after } },
  });
  const base = campaign(STEADY, {}, told({}, {}));

  for (const [what, canary, reason] of [
    [
      'between the campaigns',
      told({ spinUs: 320 }, { spinUs: 320 }),
      'a fixed amount of arithmetic took from 280 to 320 µs',
    ],
    [
      'while one of them ran',
      told({}, { roundTripUs: 99 }),
      'a round trip through the memory broker took from 45 to 99 µs',
    ],
    [
      'and its disk with it',
      told({ spinUs: 200, fsyncUs: 400 }, null),
      'a fixed amount of arithmetic took from 200 to 280 µs, and a flush took from 150 to 400 µs',
    ],
  ] as const) {
    it(`${what}: it is the machine, and no verdict on the broker`, () => {
      const comparison = against(campaign(times(1.5), {}, { ...LATER, ...canary }), {}, base);
      const { verdict, reason: because } = gated(comparison);
      assert.deepEqual([verdict, because, comparison.outcome], ['machine changed', reason, 'undecided']);
      assert.match(comparisonPage(comparison), /^### Undecided: of 1 gated row, 1 machine changed$/m);
      assert.match(junitXml(comparison), /<skipped message="machine changed: a/);
    });
  }

  it('unless that is allowed; and what varies by itself is no change', () => {
    const slower = campaign(STEADY, {}, { ...LATER, ...told({ spinUs: 320 }, {}) });
    assert.equal(gated(against(slower, { allow: ['canary'] }, base)).verdict, 'equivalent');
    const varies = told({ spinUs: 290, roundTripUs: 60 }, { fsyncUs: 250 });
    assert.equal(
      gated(against(campaign(STEADY, {}, { ...LATER, ...varies }), {}, base)).verdict,
      'equivalent',
    );
  });

  it('another machine is that, and correctness fails all the same', () => {
    const host = { ...BASE.host, cpu: 'other', fingerprint: 'other' };
    const elsewhere = campaign(STEADY, {}, { ...LATER, ...told({ spinUs: 999 }, null), host });
    assert.match(gated(against(elsewhere, {}, base)).reason ?? '', /^another machine: [^;]*; [^;]*$/);
    const wrong = campaign(STEADY, { verdict: 'incorrect' }, { ...LATER, ...told({ spinUs: 999 }, null) });
    assert.equal(against(wrong, {}, base).outcome, 'failed');
  });
});

describe('a baseline that the client limited', () => {
  const limited: Result = {
    ...BASE,
    trials: BASE.trials.map((trial, index) => (index < 2 ? { ...trial, verdict: 'client-limited' } : trial)),
  };

  it('looks worse than it is, so that what is worse than that is worse indeed', () => {
    const comparison = against(campaign(times(1.5), {}, LATER), {}, limited);
    const { verdict, reason } = gated(comparison);
    assert.deepEqual([verdict, comparison.outcome], ['regressed', 'failed']);
    assert.match(
      reason ?? '',
      /^at least so much: client-limited were 2 of 6 trials of the baseline and 0 of 6 /,
    );
  });

  it('and nothing else is known by it', () => {
    for (const factor of [0.5, 1]) {
      const comparison = against(campaign(times(factor), {}, LATER), {}, limited);
      const { verdict, ratio, reason } = gated(comparison);
      assert.deepEqual([verdict, ratio, comparison.outcome], ['not comparable', null, 'undecided']);
      assert.match(reason ?? '', /^client-limited were 2 of 6 /);
    }
  });
});

describe('what fails whatever the speed:', () => {
  const { measured } = trialOf();
  const none = { ...measured, latency: { ...measured.latency, endToEnd: latencyOf([]) } };
  const noNumber = {
    ...measured,
    latency: { ...measured.latency, endToEnd: { ...measured.latency.endToEnd, p99Us: Number.NaN } },
  };
  const CHECK = { check: 'endToEnd.p50 <= 1ms', value: 2000, bound: 1000, unit: 'us', passed: false };
  const few = {
    ...trialOf().measured,
    latency: { ...trialOf().measured.latency, endToEnd: latencyOf([900]) },
  };
  for (const [what, current, kind] of [
    ['a target that vanished', campaign(STEADY, { target: 'pulsar' }, LATER), 'vanished'],
    ['a campaign without trials', resultOf([], { ...LATER, scenarios: [{ name: 'checkout' }] }), 'vanished'],
    ['too few samples', campaign(STEADY, { measured: few }, LATER), 'no samples'],
    ['an empty histogram', campaign(STEADY, { measured: none }, LATER), 'no samples'],
    ['what is no number', campaign(STEADY, { measured: noNumber }, LATER), 'no samples'],
    ['a broken ledger', campaign(STEADY, { verdict: 'incorrect' }, LATER), 'incorrect'],
    ['trials that did not end', campaign(STEADY, { verdict: 'failed' }, LATER), 'failed'],
    ['a load that is not carried any more', campaign(STEADY, { verdict: 'overloaded' }, LATER), 'overloaded'],
    ['a check that held before', campaign(STEADY, { checks: [CHECK] }, LATER), 'check'],
    ['a campaign that was cut off', campaign(STEADY, {}, { ...LATER, interrupted: true }), 'failed'],
    ['one that never ended', campaign(STEADY, {}, { ...LATER, endedAt: null }), 'failed'],
    ['trials that are not there', campaign(STEADY.slice(0, 4), {}, { ...LATER, repeats: 6 }), 'vanished'],
  ] as const) {
    it(what, () => {
      const comparison = against(current);
      assert.equal(comparison.outcome, 'failed');
      assert.ok(
        comparison.failures.some((failure) => failure.kind === kind),
        JSON.stringify(comparison.failures),
      );
      assert.match(comparisonPage(comparison), new RegExp(`^- \\*\\*${kind}\\*\\*: `, 'm'));
    });
  }
});

describe('what fails though no gate is about it:', () => {
  const other: Policy = { ...DEFAULT_POLICY, gates: [{ ...GATE, targets: ['nats'] }] };

  it('an overload', () => {
    const nats = (of: Partial<Result> = {}): Result => {
      const { trials, ...rest } = campaign(STEADY, { target: 'nats' }, of);
      return { ...rest, trials };
    };
    const both = (of: Partial<Result>, changes: Partial<TrialResult> = {}): Result => ({
      ...nats(of),
      trials: [...nats().trials, ...campaign(STEADY, changes).trials],
    });
    const comparison = compare([both({})], [both(LATER, { verdict: 'overloaded' })], other);
    assert.deepEqual([comparison.failures[0]?.kind, comparison.outcome], ['overloaded', 'failed']);
  });
});

describe('a gate', () => {
  it('on a phase that there is not is about nothing, and not about all that is measured', () => {
    const comparison = against(campaign(STEADY, {}, LATER), { gates: [{ ...GATE, phase: 'sael' }] });
    assert.equal(comparison.outcome, 'failed');
    assert.deepEqual(gated(comparison).current, []);
    assert.match(comparison.failures[0]?.message ?? '', /too few samples, or no such phase$/);
  });

  it('on a count fails where something comes of nothing', () => {
    const { ledger } = trialOf();
    const gates = [{ ...GATE, metric: 'ledger.duplicates', tolerance: 0 }];
    const base = campaign(STEADY, { ledger: { ...ledger, duplicates: 0 } });
    const now = (duplicates: number): Result =>
      campaign(STEADY, { ledger: { ...ledger, duplicates } }, LATER);
    assert.equal(against(now(0), { gates }, base).outcome, 'passed');
    const comparison = against(now(7), { gates }, base);
    assert.equal(comparison.outcome, 'failed');
    assert.equal(
      comparison.failures[0]?.message,
      'ledger.duplicates: 0 in each trial of the baseline, and up to 7 now',
    );
  });

  it('of what should be high has the inverse for its limit, and says so', () => {
    const gates = [{ ...GATE, metric: 'delivered.rate', tolerance: 0.3 }];
    assert.match(
      comparisonPage(against(campaign(STEADY, {}, LATER), { gates })),
      /delivered\.rate ≥ −37\.5 %/,
    );
  });
});

test('sides that differ in load pass with a warning at best, which says so first of all', () => {
  const easier = { scenarios: [{ name: 'checkout', load: { rate: 100 } }] };
  const comparison = against(campaign(STEADY, {}, { ...LATER, ...easier }), { allow: ['load'] });
  assert.match(
    comparisonPage(comparison),
    /^### Passed, with a warning: of 1 gated row, 1 equivalent; the sides differ in load$/m,
  );
});

test('where nobody looked at the machine, that is told', () => {
  const { notes } = against(campaign(STEADY, {}, { ...LATER, canary: null }));
  assert.deepEqual(notes, [
    'checkout on kafka: whether the machine changed is not known: the canary was not read',
  ]);
});

test('JUnit has a case for each gated row: failed, skipped where nothing is known, and passed', () => {
  assert.match(
    junitXml(against(campaign(times(1.5), {}, LATER))),
    /<testsuites name="mqbench compare" tests="1" failures="1" errors="0" time="0">\n {2}<testsuite name="mqbench compare" tests="1" failures="1" errors="0" time="0" skipped="0">/,
  );
  assert.match(
    junitXml(against(campaign(STEADY, { verdict: 'client-limited' }, LATER))),
    /<testcase classname="checkout\.kafka" name="endToEnd\.p99" time="0"><skipped message="not comparable: client-limited were /,
  );
  assert.match(junitXml(against(campaign(STEADY, {}, LATER))), /<system-out>equivalent: /);
});
