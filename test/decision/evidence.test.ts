import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { parseDecision } from '../../src/decision/decision-reader.ts';
import { gatherEvidence } from '../../src/decision/evidence.ts';
import { weigh } from '../../src/decision/matrix.ts';
import type { Result, TrialResult } from '../../src/result/index.ts';
import { ledgerOf, measuredUpTo, resultOf, trialOf } from '../result/fixtures/sample.ts';
import { assertNear } from './fixtures/near.ts';

function decisionOf({
  phase = '',
  metric = 'endToEnd.p99',
  unit = 'ms',
  accept = '',
  contract = '',
  veto = '',
} = {}): ReturnType<typeof parseDecision> {
  const text = `title: Broker
question: Which one?
options:
  kafka: { title: Apache Kafka, target: kafka }
  rabbitmq: { title: RabbitMQ, target: rabbitmq }
criteria:
  p99:
    title: Latency
    unit: ${unit}
    ${veto}
    scale: { log: { worst: 100, best: 1 } }
    measured: { scenario: checkout, metric: ${metric}, accept: [${accept}]${optional({ phase, contract })} }
`;
  return parseDecision(text, 'decision.yaml');
}

function optional(keys: Readonly<Record<string, string>>): string {
  return Object.entries(keys)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `, ${key}: ${value}`)
    .join('');
}

const ON_RABBITMQ = { target: 'rabbitmq', server: { ...trialOf().server, product: 'RabbitMQ' } } as const;

/** Three trials on each of both. */
function campaign(changes: Partial<TrialResult> = {}, of: Partial<Result> = {}): Result {
  const trials = [4000, 6000, 5000].flatMap((slowestUs, index) => {
    const own = { repeat: index + 1, measured: measuredUpTo(slowestUs) };
    return [trialOf(own), trialOf({ ...own, ...ON_RABBITMQ, ...changes })];
  });
  return resultOf(trials, { scenarios: [{ name: 'checkout' }], ...of });
}

test('a score is the median of the trials in the unit of the criterion, with all of them behind it', () => {
  const {
    cells: [[kafka] = []],
  } = gatherEvidence(decisionOf(), [campaign()], undefined);
  assertNear([Number(kafka?.raw)], [4.95], 0.01);
  assert.equal(kafka?.spread.kind, 'samples');
  assertNear(kafka?.spread.kind === 'samples' ? kafka.spread.values : [], [3.96, 5.94, 4.95], 0.01);
  assert.equal(kafka?.source.kind, 'measured');
  assert.deepEqual(kafka?.source.kind === 'measured' && [kafka.source.count, kafka.source.server], [
    3,
    'Apache Kafka 4.1.0',
  ]);
});

test('of several campaigns the newest counts, whatever their order', () => {
  const old = campaign({}, { id: 'old', startedAt: '2025-01-01T00:00:00.000Z' });
  const recent = campaign({}, { id: 'recent', startedAt: '2025-06-01T00:00:00.000Z' });
  for (const results of [
    [old, recent],
    [recent, old],
  ]) {
    const {
      cells: [[kafka] = []],
    } = gatherEvidence(decisionOf(), results, undefined);
    assert.equal(kafka?.source.kind === 'measured' && kafka.source.campaign, 'recent');
  }
});

test('given a contract, then the newest campaign under it counts, and its lack is said', () => {
  const under = (contract: 'leader-acked' | 'fsynced-acked'): Partial<TrialResult> => ({
    contract: { ...trialOf().contract, asked: contract, effective: contract },
  });
  const both = (contract: 'leader-acked' | 'fsynced-acked', startedAt: string): Result => {
    const { trials } = campaign();
    return campaign(
      {},
      { id: contract, startedAt, trials: trials.map((each) => ({ ...each, ...under(contract) })) },
    );
  };
  const flushed = both('fsynced-acked', '2025-01-01T00:00:00.000Z');
  const plain = both('leader-acked', '2025-06-01T00:00:00.000Z');
  const decision = decisionOf({ contract: 'fsynced-acked' });
  const {
    cells: [[kafka] = []],
  } = gatherEvidence(decision, [flushed, plain], undefined);
  assert.equal(kafka?.source.kind === 'measured' && kafka.source.campaign, 'fsynced-acked');
  assert.throws(
    () => gatherEvidence(decision, [plain], undefined),
    /nothing of checkout on kafka under fsynced-acked in the results/,
  );
});

/** What the trials on RabbitMQ are like, and what is said of it. */
const UNFIT: readonly (readonly [what: string, changes: Partial<TrialResult>, said: RegExp])[] = [
  [
    'overloaded',
    { verdict: 'overloaded' },
    /3 of 3 trials of checkout in .*: overloaded, which is no evidence for speed/,
  ],
  ['limited by the client', { verdict: 'client-limited' }, /client-limited, which is no evidence for speed/],
  [
    'emulated',
    { server: { ...trialOf().server, emulated: true } },
    /it is emulated; say "accept: \[emulated\]"/,
  ],
  [
    'under another contract',
    { contract: { ...trialOf().contract, asked: 'fsynced-acked', effective: 'fsynced-acked' } },
    /it was measured under fsynced-acked, and kafka under replicated-acked/,
  ],
  [
    'under a contract that gives more',
    { contract: { ...trialOf().contract, relation: 'exceeds', effective: 'replicated-fsynced-acked' } },
    /it gives replicated-fsynced-acked, more than replicated-acked, and pays for it/,
  ],
  ['broken off', { verdict: 'failed' }, /3 of 3 trials in .* did not run to the end/],
  ['interrupted', { interrupted: true }, /3 of 3 trials in .* did not run to the end/],
  [
    'of too few samples',
    {
      measured: {
        ...trialOf().measured,
        latency: trialOf().phases[0]?.latency ?? trialOf().measured.latency,
      },
    },
    /3 of 3 trials of checkout in .* have no endToEnd\.p99: too few samples/,
  ],
  ['of another target', { target: 'pulsar' }, /nothing of checkout on rabbitmq in the results; run it/],
];

describe('what is no evidence for speed is told at the place of its selector', () => {
  for (const [what, changes, said] of UNFIT) {
    it(what, () => {
      assert.throws(
        () => gatherEvidence(decisionOf(), [campaign(changes)], undefined),
        new RegExp(`decision.yaml:12:15: p99: rabbitmq: .*${said.source}`),
      );
    });
  }
  it('of a phase that there is not, or that is warm-up', () => {
    assert.throws(
      () => gatherEvidence(decisionOf({ phase: 'stedy' }), [campaign()], undefined),
      /checkout has no phase "stedy" \(allowed: steady\); did you mean "steady"\?/,
    );
    assert.throws(
      () => gatherEvidence(decisionOf({ phase: 'warm-up' }), [campaign()], undefined),
      /"warm-up" is warm-up, which is not measured/,
    );
  });
  it('shortened', () => {
    const scenarios = [{ name: 'checkout', load: { shortenedFromSeconds: 60 } }];
    assert.throws(
      () => gatherEvidence(decisionOf(), [campaign({}, { scenarios })], undefined),
      /a look, and no measurement/,
    );
  });
  it('of two campaigns with other loads', () => {
    const kafka = campaign(
      { target: 'pulsar' },
      { scenarios: [{ name: 'checkout', messages: { sizeBytes: 1024 } }] },
    );
    const trials = campaign().trials.filter(({ target }) => target === 'rabbitmq');
    const rabbitmq = resultOf(trials, { scenarios: [{ name: 'checkout', messages: { sizeBytes: 100 } }] });
    assert.throws(
      () => gatherEvidence(decisionOf(), [kafka, rabbitmq], undefined),
      /checkout had another load in/,
    );
  });
  it('of two machines', () => {
    const kafka = campaign({ target: 'pulsar' });
    const trials = campaign().trials.filter(({ target }) => target === 'rabbitmq');
    const rabbitmq = resultOf(trials, {
      scenarios: [{ name: 'checkout' }],
      host: { ...campaign().host, fingerprint: 'another' },
    });
    assert.throws(
      () => gatherEvidence(decisionOf(), [kafka, rabbitmq], undefined),
      /measured on another machine than kafka/,
    );
  });
});

test('where no order is promised, that none was broken is no evidence', () => {
  const unordered = campaign({ ordering: 'not at all' });
  const overtaken = { metric: 'ledger.outOfOrder', unit: 'count' };
  assert.throws(
    () => gatherEvidence(decisionOf(overtaken), [unordered], undefined),
    /rabbitmq: no order is promised there, so that 0 is no more than what happened; say "accept: \[unordered\]"/,
  );
  const lost = decisionOf({ metric: 'ledger.lost', unit: 'count' });
  assert.doesNotThrow(() => gatherEvidence(lost, [unordered], undefined));
});

test('what is accepted by name counts, and is noted', () => {
  const emulated = campaign({ server: { ...trialOf().server, emulated: true } });
  const {
    cells: [, [rabbitmq] = []],
  } = gatherEvidence(decisionOf({ accept: 'emulated' }), [emulated], undefined);
  assert.deepEqual(rabbitmq?.notes, ['emulated']);
});

test('of what is counted the worst trial counts where nothing else is said: two that lost nothing hide no third', () => {
  const trials = [0, 3, 0].map((lost, index) => trialOf({ repeat: index + 1, ledger: ledgerOf({ lost }) }));
  const clean = trials.map(({ repeat }) => trialOf({ repeat, ...ON_RABBITMQ }));
  const {
    cells: [[kafka] = [], [rabbitmq] = []],
  } = gatherEvidence(
    decisionOf({ metric: 'ledger.lost', unit: 'count' }),
    [resultOf([...trials, ...clean], { scenarios: [{ name: 'checkout' }] })],
    undefined,
  );
  assert.deepEqual([kafka?.raw, rabbitmq?.raw], [3, 0]);
});

test('one trial that breaks a bound puts an option out where the worst counts', () => {
  const decision = decisionOf({ metric: 'ledger.lost', unit: 'count', veto: "veto: { unless: '<= 0' }" });
  const trials = [0, 3, 0].map((lost, index) => trialOf({ repeat: index + 1, ledger: ledgerOf({ lost }) }));
  const clean = trials.map(({ repeat }) => trialOf({ repeat, ...ON_RABBITMQ }));
  const campaigns = [resultOf([...trials, ...clean], { scenarios: [{ name: 'checkout' }] })];
  const { ranking, options } = weigh(decision, gatherEvidence(decision, campaigns, undefined));
  assert.deepEqual(ranking, ['rabbitmq']);
  assert.deepEqual(options[0]?.vetoes, [{ criterion: 0, passing: 0 }]);
});

test('an overloaded trial is evidence of what it lost', () => {
  const lossy = campaign({ verdict: 'overloaded', ledger: ledgerOf({ lost: 7 }) });
  const {
    cells: [[kafka] = [], [rabbitmq] = []],
  } = gatherEvidence(decisionOf({ metric: 'ledger.lost', unit: 'count' }), [lossy], undefined);
  assert.deepEqual([kafka?.raw, rabbitmq?.raw], [0, 7]);
});
