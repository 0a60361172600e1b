import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DeliveryLedger, IntervalSeries, PhaseRecord, SendLedger } from '../../src/measure/index.ts';
import { judgeTrial } from '../../src/run/judged-trial.ts';
import type { AgentReport } from '../../src/run/protocol.ts';
import type { TrialRecord } from '../../src/run/trial.ts';
import { parseCheck, type Scenario } from '../../src/scenario/index.ts';
import { identityOf, RUN } from '../measure/fixtures/history.ts';
import { emptyReport, planOf } from './fixtures/fake-engine.ts';
import { phase, scenarioOf } from './fixtures/scenario.ts';

const SUBSCRIPTIONS = ['one', 'two'];
/** messages of each phase, and how long each of them took, in ms */
const PHASES = [
  { ...phase('warm-up', 10, 1), warmup: true, messages: 10, ms: 900 },
  { ...phase('steady', 20, 2), messages: 40, ms: 2 },
  { ...phase('spike', 60, 1), messages: 60, ms: 8 },
];
const SENT = 110;
/** by second */
const PHASE_OF = [0, 1, 1, 2];

const UNSEEN = { broker: undefined, fsync: null };

function phases(record: (phase: PhaseRecord, messages: number, ns: number) => void): AgentReport['phases'] {
  return PHASES.map(({ messages, ms }) => {
    const phase = new PhaseRecord();
    record(phase, messages, ms * 1e6);
    return phase.account();
  });
}

function producers(): AgentReport {
  const ledger = new SendLedger(0);
  for (let sent = 0; sent < SENT; sent++) ledger.acknowledged(ledger.attempt());
  return {
    ...emptyReport('producers'),
    sends: [ledger.account()],
    phases: phases((phase, messages, ns) => {
      phase.attempted = messages;
      phase.acknowledged = messages;
      for (let message = 0; message < messages; message++) phase.acknowledge.record(ns / 2);
    }),
  };
}

function consumers(subscription: string): AgentReport {
  const ledger = new DeliveryLedger(subscription, RUN, { producers: 1, keys: 1, maxExamples: 9 });
  for (let sequence = 0; sequence < SENT; sequence++)
    ledger.delivered(identityOf({ sequence, keySequence: sequence }), 0, 'unmarked');
  return {
    ...emptyReport(`consumers of ${subscription}`),
    delivery: ledger.account(),
    phases: phases((phase, messages, ns) => {
      phase.delivered = messages;
      for (let message = 0; message < messages; message++) phase.endToEnd.record(ns);
    }),
  };
}

/** What two subscriptions and a producer measured of a warm-up, a steady phase and a spike. */
function recordOf(scenario: Partial<Scenario> = {}, changes: Partial<TrialRecord> = {}): TrialRecord {
  const due = [0, 10, 30, 50, 110];
  const series = new IntervalSeries(SUBSCRIPTIONS.length, (second) => due[second] ?? SENT);
  for (const [second, delivered] of [20, 40, 40, 100, 20].entries()) {
    const counts = {
      attempted: delivered / 2,
      acknowledged: delivered / 2,
      notAcknowledged: 0,
      delivered,
    };
    series.add({
      second,
      phase: PHASE_OF[second] ?? 3,
      ...counts,
      endToEnd: { histogram: null, refused: 0 },
    });
  }
  return {
    plan: planOf({
      scenario: scenarioOf({
        topology: { partitions: 1, subscriptions: SUBSCRIPTIONS },
        load: { arrivals: 'uniform', phases: PHASES },
        ...scenario,
      }),
    }),
    startedAt: '2025-01-02T03:04:06.000Z',
    server: { address: undefined, product: 'mqbench memory broker', version: '1', nodes: 1, emulated: true },
    client: { name: 'mqbench memory client', version: '1', transport: 'TCP' },
    ordering: 'per key',
    redeliveries: 'marked',
    contract: {
      asked: 'leader-acked',
      effective: 'leader-acked',
      relation: 'exact',
      settings: {},
      notReadBack: [],
    },
    reports: [...SUBSCRIPTIONS.map(consumers), producers()],
    replay: undefined,
    series,
    drained: { seconds: 1, complete: true },
    backlogs: new Map(),
    deadLetterBacklogs: new Map(),
    retriedBy: { retryDelay: 'mqbench', deadLetters: 'mqbench' },
    startNs: 0,
    interrupted: false,
    faults: [],
    hopeless: undefined,
    loadSeconds: 4,
    left: undefined,
    ...changes,
  };
}

describe('a judged trial', () => {
  it('has each phase as planned and as measured, over all agents', () => {
    const { phases } = judgeTrial(recordOf(), 'memory', UNSEEN);
    assert.deepEqual(
      phases.map((each) => [each.name, each.warmup, each.plannedRate, each.attempted, each.delivered]),
      [
        ['warm-up', true, 10, 10, 20],
        ['steady', false, 20, 40, 80],
        ['spike', false, 60, 60, 120],
      ],
    );
  });

  it('measures all but the warm-up: rates of what happened in its seconds, deliveries per subscription', () => {
    const { measured } = judgeTrial(recordOf(), 'memory', UNSEEN);
    const { seconds, plannedRate, attemptedRate, acknowledgedRate, deliveredRate, latency } = measured;
    assert.equal(seconds, 3);
    assert.ok(Math.abs(plannedRate - 100 / 3) < 1e-9, String(plannedRate));
    // a tenth of the messages came after the load: 90 of 100 are in its time
    assert.deepEqual([attemptedRate, acknowledgedRate, deliveredRate], [30, 30, 30]);
    assert.deepEqual(
      [latency.endToEnd.count, latency.acknowledge.count, latency.service.count],
      [200, 100, 0],
    );
    // the warm-up's 900 ms are not in it
    assert.ok((latency.endToEnd.maxUs ?? Infinity) < 8100);
    assert.ok(Math.abs((latency.endToEnd.p50Us ?? 0) - 8000) < 10);
  });

  it('that was interrupted is measured over the seconds that it had', () => {
    const { interrupted, phases, measured } = judgeTrial(
      recordOf({}, { interrupted: true, loadSeconds: 2.5 }),
      'memory',
      UNSEEN,
    );
    assert.equal(interrupted, true);
    assert.deepEqual(
      phases.map(({ seconds }) => seconds),
      [1, 1.5, 0],
    );
    assert.equal(measured.seconds, 1.5);
    assert.equal(measured.deliveredRate, 90 / 1.5);
  });

  it('that was interrupted before anything counted has rates of 0', () => {
    const { measured } = judgeTrial(recordOf({}, { interrupted: true, loadSeconds: 0.5 }), 'memory', UNSEEN);
    assert.deepEqual([measured.seconds, measured.attemptedRate, measured.deliveredRate], [0, 0, 0]);
  });

  it('accounts for every message of every subscription', () => {
    const { ledger, verdict } = judgeTrial(recordOf(), 'memory', UNSEEN);
    assert.equal(verdict, 'sustained');
    assert.deepEqual([ledger.attempted, ledger.delivered, ledger.lost], [SENT, 2 * SENT, 0]);
  });

  it('asks each subscription for its own backlog', () => {
    const silent = {
      ...consumers('two'),
      delivery: new DeliveryLedger('two', RUN, {
        producers: 1,
        keys: 1,
        maxExamples: 9,
      }).account(),
    };
    const record = recordOf(
      {},
      {
        reports: [consumers('one'), silent, producers()],
        backlogs: new Map([
          ['one', 0],
          ['two', 100],
        ]),
      },
    );
    const { ledger } = judgeTrial(record, 'memory', UNSEEN);
    assert.deepEqual([ledger.backlog, ledger.lost], [100, 10]);
  });

  it('names the phase of each second, and none after the load', () => {
    const { intervals } = judgeTrial(recordOf(), 'memory', UNSEEN);
    assert.deepEqual(
      intervals.map((row) => row.phase),
      ['warm-up', 'steady', 'steady', 'spike', null],
    );
  });

  it('given an interruption: failed, whatever the numbers say, and says why first', () => {
    const { verdict, warnings } = judgeTrial(recordOf({}, { interrupted: true }), 'memory', UNSEEN);
    assert.equal(verdict, 'failed');
    assert.match(warnings[0] ?? '', /^interrupted/);
  });

  it('adds up what the agents did not send', () => {
    const reports = [consumers('one'), consumers('two'), { ...producers(), unsent: 7 }];
    const { unsent, verdict } = judgeTrial(recordOf({}, { reports }), 'memory', UNSEEN);
    assert.deepEqual([unsent, verdict], [7, 'overloaded']);
  });

  it('tells what the broker used, also per million messages', () => {
    const usage = { cpuSeconds: 1.1, rssBytes: 1000, diskBytes: 220 };
    const { resources } = judgeTrial(recordOf(), 'memory', { broker: usage, fsync: null });
    const { cpuSecondsPerMillion, diskBytesPerMillion } = resources.broker ?? {};
    assert.ok(Math.abs((cpuSecondsPerMillion ?? 0) - 10_000) < 1e-6);
    assert.ok(Math.abs((diskBytesPerMillion ?? 0) - 2e6) < 1e-6);
  });

  it('adds up the requests of the agents, also by message acknowledged', () => {
    const reports = [
      { ...consumers('one'), requests: { ReceiveMessage: 100, 'ReceiveMessage empty': 10 } },
      { ...consumers('two'), requests: { ReceiveMessage: 88 } },
      { ...producers(), requests: { SendMessageBatch: 22 } },
    ];
    const { resources } = judgeTrial(recordOf({}, { reports }), 'sns', UNSEEN);
    const byAction = { ReceiveMessage: 188, 'ReceiveMessage empty': 10, SendMessageBatch: 22 };
    assert.deepEqual(resources.requests, { total: 220, perMessage: 220 / SENT, byAction });
  });

  it('given agents that count no requests: has none', () => {
    assert.equal(judgeTrial(recordOf(), 'memory', UNSEEN).resources.requests, null);
  });

  it('given nothing acknowledged: has no usage per million', () => {
    const usage = { cpuSeconds: 1, rssBytes: 1, diskBytes: 1 };
    const { resources } = judgeTrial(recordOf({}, { reports: [] }), 'memory', { broker: usage, fsync: null });
    assert.deepEqual(resources.broker, { ...usage, cpuSecondsPerMillion: null, diskBytesPerMillion: null });
  });
});

describe('a judged trial whose log was to be read', () => {
  const projection = { orders: new Map(), applied: 0, dropped: 0, skipped: 0, appliedAt: [] };
  const reports = [{ ...consumers('stock'), projection }, producers()];

  it('given a log that could not be: failed, and says why', () => {
    const { verdict, warnings, eventSourcing } = judgeTrial(
      recordOf({}, { reports, replay: 'lost the broker' }),
      'memory',
      UNSEEN,
    );
    assert.deepEqual([eventSourcing?.replay, eventSourcing?.unreadable], [null, 'lost the broker']);
    assert.equal(verdict, 'failed');
    assert.ok(warnings.includes('the log could not be read: lost the broker'));
  });
});

describe('a check of a judged trial', () => {
  const table: readonly (readonly [string, number | null, string])[] = [
    ['endToEnd.p50 <= 10ms in steady', 2000, 'us'],
    ['endToEnd.p90 <= 10ms in spike', 8000, 'us'],
    ['acknowledge.max <= 10ms in warm-up', 450_000, 'us'],
    ['endToEnd.max <= 10ms', 8000, 'us'],
    ['endToEnd.p99 <= 10ms', null, 'us'],
    ['service.mean <= 10ms', null, 'us'],
    ['delivered.rate >= 20/s in steady', 20, 'perSecond'],
    ['attempted.rate >= 50/s in spike', 50, 'perSecond'],
    ['acknowledged.rate >= 30/s', 30, 'perSecond'],
    ['backlog.peak <= 10 in steady', 0, 'count'],
    ['backlog.slope <= 1/s', null, 'perSecond'],
    ['recovery.time <= 1s', null, 'us'],
    ['ledger.delivered >= 0', 220, 'count'],
    ['ledger.lost == 0', 0, 'count'],
  ];
  const record = recordOf({ checks: table.map(([text]) => parseCheck(text)) });
  const { checks } = judgeTrial(record, 'memory', UNSEEN);
  for (const [index, [text, expected, unit]] of table.entries()) {
    it(`${text} is about ${expected ?? 'too few samples'}`, () => {
      const check = checks[index];
      assert.equal(check?.check, text);
      assert.equal(check.unit, unit);
      if (expected === null) assert.equal(check.value, null);
      // to the resolution of a histogram
      else assert.ok(Math.abs((check.value ?? NaN) - expected) <= expected / 1000, String(check.value));
    });
  }
});
