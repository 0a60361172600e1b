import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judge, reconcile, type GeneratorHealth, type IntervalRow } from '../../src/measure/index.ts';

type Evidence = Parameters<typeof judge>[0];

const NOTHING_WRONG = reconcile([], [], 0);

function health(changes: Partial<GeneratorHealth> = {}): GeneratorHealth {
  return {
    agent: 'producers',
    eventLoopUtilization: 0.3,
    eventLoopDelayP99Us: 100,
    eventLoopDelayMaxUs: 1000,
    cpu: 0.3,
    gcPauses: 0,
    gcPauseMaxUs: 0,
    gcPauseTotalUs: 0,
    windowFull: 0,
    throttled: null,
    ...changes,
  };
}

type PhaseRows = Evidence['phases'][number];

/** 1,000/s, in each second of which this backlog was left. */
function steady(...backlogs: readonly number[]): Pick<Evidence, 'phases'> {
  return { phases: [phase('steady', 1000, backlogs)] };
}

function phase(name: string, perSecond: number, backlogs: readonly number[]): PhaseRows {
  return { name, fromPerSecond: perSecond, toPerSecond: perSecond, rows: seconds(backlogs) };
}

function seconds(backlogs: readonly number[]): readonly IntervalRow[] {
  const counts = { due: 1000, attempted: 1000, acknowledged: 1000, notAcknowledged: 0, delivered: 1000 };
  return backlogs.map((backlog, second) => ({
    second,
    ...counts,
    backlog,
    endToEndP50Us: null,
    endToEndP99Us: null,
  }));
}

/** 1,000/s for ten seconds on an idle machine, all arrived. */
function evidence(changes: Partial<Evidence> = {}): Evidence {
  return {
    ledger: NOTHING_WRONG,
    deadLetters: undefined,
    broken: [],
    unfinished: undefined,
    contract: 'leader-acked',
    ordered: 'per key',
    redeliveries: 'marked',
    health: [health(), health({ agent: 'consumers of main' })],
    ...steady(...new Array<number>(10).fill(3)),
    faults: 'none',
    measuredSeconds: 10,
    scheduleDebtP99Us: 200,
    clientDebtP99Us: 200,
    endToEndP99Us: 5000,
    unsent: 0,
    hopeless: undefined,
    left: undefined,
    ...changes,
  };
}

function ledger(changes: Partial<Evidence['ledger']>): Partial<Evidence> {
  return { ledger: { ...NOTHING_WRONG, ...changes } };
}

const BUSY = { health: [health({ eventLoopUtilization: 0.93 })] };
const GROWING = steady(100, 300, 500, 700, 900, 1100);
/** of a headline of 20 ms, 8 ms of which were a wait for a full window */
const LATE = { scheduleDebtP99Us: 8000, clientDebtP99Us: 100, endToEndP99Us: 20_000 };
/** for 3.2 s of 10 s */
const HELD = throttledFor(3.2);

function throttledFor(seconds: number, changes: Partial<GeneratorHealth> = {}): Partial<Evidence> {
  const producers = health({ throttled: { seconds, reason: 'low on memory' }, ...changes });
  return { health: [health({ agent: 'consumers of main' }), producers] };
}

interface Case {
  readonly given: string;
  readonly changes: Partial<Evidence>;
  readonly warnings: readonly RegExp[];
}

const VERDICTS: Readonly<Record<string, readonly Case[]>> = {
  sustained: [
    { given: 'nothing wrong', changes: {}, warnings: [] },
    {
      given: 'loss under fire-and-forget',
      changes: { contract: 'fire-and-forget', ...ledger({ lost: 5 }) },
      warnings: [/^5 lost, as fire-and-forget allows$/],
    },
    {
      given: 'disorder where no order is promised',
      changes: { ordered: 'not at all', ...ledger({ outOfOrder: 9 }) },
      warnings: [/^9 overtaken by a later message of the same key; this broker promises no order$/],
    },
    {
      given: 'redeliveries that were marked',
      changes: ledger({ duplicates: 4 }),
      warnings: [/^4 redelivered, marked as such$/],
    },
    {
      given: 'duplicates of a broker that does not mark every redelivery',
      changes: { redeliveries: 'unmarked', ...ledger({ duplicates: 4, silentDuplicates: 4 }) },
      warnings: [/^4 delivered again, as at-least-once allows/],
    },
    {
      given: 'sends that failed, and some that nobody knows of',
      changes: ledger({ attempted: 1000, failed: 2, unknown: 1 }),
      warnings: [/^2 sends failed$/, /^1 sends with unknown outcome$/],
    },
    {
      given: 'a busy client that kept up',
      changes: BUSY,
      warnings: [/^producers was busy 93 % of the time$/],
    },
    {
      given: 'sends late by a little of the headline',
      changes: { scheduleDebtP99Us: 1200, endToEndP99Us: 100_000 },
      warnings: [],
    },
    {
      given: 'late sends that waited for a full window, however late',
      changes: {
        scheduleDebtP99Us: 306_000,
        clientDebtP99Us: 900,
        endToEndP99Us: 310_000,
        health: [health({ windowFull: 0.12 })],
      },
      warnings: [
        /^sends were up to 306\.0 ms late at p99 .*window was full 12\.0 % of the time, and without that wait they were up to 0\.9 ms late$/,
      ],
    },
    {
      given: 'a client late by half of the headline',
      changes: { scheduleDebtP99Us: 8000, clientDebtP99Us: 8000, endToEndP99Us: 16_000 },
      warnings: [/^sends were up to 8\.0 ms late at p99 \(it is in the latencies\)$/],
    },
    {
      given: 'a client late by most of a headline, yet by no more than a millisecond',
      changes: { scheduleDebtP99Us: 1000, clientDebtP99Us: 1000, endToEndP99Us: 1200 },
      warnings: [],
    },
    {
      given: 'a late client of whose messages too few arrived for a headline',
      changes: { scheduleDebtP99Us: 8000, clientDebtP99Us: 8000, endToEndP99Us: null },
      warnings: [/^sends were up to 8\.0 ms late/],
    },
    {
      given: 'producers held back for a hundredth of the time, which is beyond the 99th percentile',
      changes: throttledFor(0.1),
      warnings: [/^the broker blocked producers for 0\.1 s of 10 s: low on memory$/],
    },
    {
      given: 'a backlog that grows by less than a hundredth of the load',
      changes: steady(200, 205, 210, 215, 220, 225),
      warnings: [],
    },
    {
      given: 'a backlog that grows for too few seconds to tell',
      changes: steady(100, 500, 900, 1300),
      warnings: [],
    },
    {
      given: 'a backlog that grew, and holds less than a tenth of a second of the load',
      changes: steady(10, 25, 40, 55, 70, 85),
      warnings: [],
    },
    {
      given: 'a ramp, in which as many wait as the rate times the time that each takes',
      changes: {
        phases: [
          {
            name: 'rising',
            fromPerSecond: 500,
            toPerSecond: 3000,
            rows: seconds([200, 400, 600, 800, 1000]),
          },
        ],
      },
      warnings: [],
    },
    {
      given: 'one pause in a backlog that stays',
      changes: steady(5, 4, 2000, 1500, 6, 5, 4, 5),
      warnings: [],
    },
  ],
  'broker-throttled': [
    {
      given: 'producers held back for a third of the time',
      changes: HELD,
      warnings: [/^the broker blocked producers for 3\.2 s of 10 s: low on memory$/],
    },
    {
      given: 'producers held back for just over a hundredth of the time',
      changes: throttledFor(0.11),
      warnings: [/blocked producers for 0\.1 s of 10 s/],
    },
    {
      given: 'producers held back until the load was given up',
      changes: { ...throttledFor(41), unsent: 900 },
      warnings: [/^the broker blocked producers for 41 s, beyond the load of 10 s: low/, /^900 planned/],
    },
    {
      given: 'producers held back, and a backlog that grew: it may be why, and the broker says so itself',
      changes: { ...HELD, ...GROWING },
      warnings: [/^the broker blocked producers/, /^the backlog grew/],
    },
    {
      given: 'sends that were late because their producers were held back',
      changes: { ...LATE, ...throttledFor(3.2, { windowFull: 0.3 }) },
      warnings: [/^the broker blocked producers/, /^sends were up to 8\.0 ms late/],
    },
  ],
  overloaded: [
    {
      given: 'a backlog that grows, and producers held back for less than a hundredth of the time',
      changes: { ...throttledFor(0.05), ...GROWING },
      warnings: [/^the broker blocked producers/, /^the backlog grew/],
    },
    {
      given: 'a backlog that grows',
      changes: GROWING,
      warnings: [/^the backlog grew by 200 messages a second in steady, to 1100$/],
    },
    {
      given: 'a backlog that grows in a peak, and is worked off after it',
      changes: {
        phases: [
          phase('before', 100, [1, 1, 1, 1, 1]),
          phase('sale', 1000, [200, 400, 600, 800, 1000]),
          phase('after', 100, [700, 400, 100, 1, 1]),
        ],
      },
      warnings: [/^the backlog grew by 200 messages a second in sale, to 1000$/],
    },
    {
      given: 'bursts too short to tell, each of which leaves more behind',
      changes: {
        phases: [1, 2, 3].flatMap((burst) => [
          phase(`burst-${burst}`, 1000, [300 * burst]),
          phase(`rest-${burst}`, 100, [250 * burst, 200 * burst]),
        ]),
      },
      warnings: [/^the backlog grew by \d+ messages a second, to 600$/],
    },
    {
      given: 'more than a hundredth of the sends not acknowledged, with the reasons for it',
      changes: ledger({
        attempted: 1000,
        failed: 9,
        unknown: 2,
        reasons: [
          { outcome: 'failed', reason: 'no connection', count: 7 },
          { outcome: 'unknown', reason: 'connection lost', count: 2 },
          { outcome: 'refused', reason: 'too large', count: 2 },
        ],
      }),
      warnings: [
        /^11 of 1000 sends were not acknowledged$/,
        /^9 sends failed: no connection, and others$/,
        /^2 sends with unknown outcome: connection lost$/,
      ],
    },
    {
      given: 'messages that were never sent',
      changes: { unsent: 7 },
      warnings: [/^7 planned messages were never sent/],
    },
    {
      given: 'a load that was given up since there was no point in going on',
      changes: { hopeless: '9,000 messages wait', unsent: 7 },
      warnings: [/^given up: 9,000 messages wait$/],
    },
    {
      given: 'messages still on the broker after the drain',
      changes: ledger({ backlog: 40 }),
      warnings: [/^40 messages were still on the broker/],
    },
  ],
  'client-limited': [
    {
      given: 'a client that was not busy, and late by over half of the headline',
      changes: { scheduleDebtP99Us: 8000, clientDebtP99Us: 8000, endToEndP99Us: 15_900 },
      warnings: [/^sends were up to 8\.0 ms late .*; over half of the headline's p99 is the client's own/],
    },
    {
      given: 'a client late by over half of the headline, and a window that was full for another part of it',
      changes: {
        scheduleDebtP99Us: 306_000,
        clientDebtP99Us: 200_000,
        endToEndP99Us: 310_000,
        health: [health({ windowFull: 0.02 })],
      },
      warnings: [/full 2\.0 % of the time, and without that wait they were up to 200\.0 ms late; over half/],
    },
    {
      given: 'a late client and a growing backlog: the broker is not blamed',
      changes: {
        ...GROWING,
        scheduleDebtP99Us: 8000,
        clientDebtP99Us: 8000,
        endToEndP99Us: 9000,
      },
      warnings: [/^the backlog grew/, /^sends were up to 8\.0 ms late/],
    },
    {
      given:
        'producers held back and busy consumers: a broker that fills up, since we take too little from it',
      changes: {
        health: [
          health({ throttled: { seconds: 3.2, reason: 'low on memory' } }),
          health({ agent: 'consumers of main', eventLoopUtilization: 0.9 }),
        ],
      },
      warnings: [/^consumers of main was busy 90 %/, /^the broker blocked producers/],
    },
    {
      given: 'a growing backlog and a busy client',
      changes: { ...BUSY, ...GROWING },
      warnings: [/^producers was busy 93 % of the time$/, /^the backlog grew/],
    },
    {
      given: 'late sends and a busy client',
      changes: { ...BUSY, ...LATE },
      warnings: [/^producers was busy/, /^sends were up to 8\.0 ms late at p99/],
    },
    {
      given: 'messages never sent and busy consumers',
      changes: {
        unsent: 7,
        health: [health(), health({ agent: 'consumers of main', eventLoopUtilization: 0.81 })],
      },
      warnings: [/^consumers of main was busy 81 %/, /never sent/],
    },
  ],
  failed: [
    {
      given: 'sends that the broker takes again only when somebody has mended it',
      changes: ledger({
        attempted: 1000,
        failed: 2,
        reasons: [{ outcome: 'failed', reason: 'out of memory', mend: 'raise maxmemory', count: 2 }],
      }),
      warnings: [/^2 sends were not acknowledged: out of memory; raise maxmemory$/],
    },
    {
      given: 'a broker that was gone in the end, and could not say what it holds of what it had acknowledged',
      changes: {
        left: 'connection refused',
        ...ledger({ unverified: 3 }),
      },
      warnings: [
        /^the broker was gone in the end: connection refused; 3 acknowledged messages may be on it; /,
      ],
    },
  ],
  incorrect: [
    {
      given: 'loss while producers were held back',
      changes: { ...HELD, ...ledger({ lost: 1 }) },
      warnings: [/^1 acknowledged and lost$/, /^the broker blocked producers/],
    },
    {
      given: 'work that does not come to what it must',
      changes: { broken: ['broken: each order ends once (order 0-7 has not ended)'] },
      warnings: [/^broken: each order ends once/],
    },
    { given: 'loss', changes: ledger({ lost: 1 }), warnings: [/^1 acknowledged and lost$/] },
    {
      given: 'phantoms',
      changes: ledger({ phantom: 2 }),
      warnings: [/^2 delivered though nobody sent them$/],
    },
    {
      given: 'corruption',
      changes: ledger({ corrupt: 1 }),
      warnings: [/^1 delivered with a changed payload$/],
    },
    {
      given: 'resurrection',
      changes: ledger({ resurrected: 1 }),
      warnings: [/^1 delivered though reported as failed$/],
    },
    {
      given: 'duplicates without a mark',
      changes: ledger({ duplicates: 3, silentDuplicates: 3 }),
      warnings: [/^3 delivered again without a mark$/],
    },
    {
      given: 'disorder where order is promised',
      changes: ledger({ outOfOrder: 2 }),
      warnings: [/^2 overtaken by a later message of the same key$/],
    },
    {
      given: 'marked duplicates under effectively-once',
      changes: { contract: 'effectively-once', ...ledger({ duplicates: 3 }) },
      warnings: [/^3 delivered again$/],
    },
    {
      given: 'duplicates under effectively-once of a broker that does not mark every redelivery',
      changes: {
        contract: 'effectively-once',
        redeliveries: 'unmarked',
        ...ledger({ duplicates: 3, silentDuplicates: 3 }),
      },
      warnings: [/^3 delivered again without a mark$/],
    },
    {
      given: 'loss on a broker that was gone in the end, and had said that it holds nothing',
      changes: {
        left: 'connection refused',
        ...ledger({ lost: 1 }),
      },
      warnings: [/^1 acknowledged and lost$/, /^the broker was gone in the end/],
    },
    {
      given: 'phantoms even under fire-and-forget',
      changes: { contract: 'fire-and-forget', ...ledger({ phantom: 1 }) },
      warnings: [/nobody sent them/],
    },
    {
      given: 'loss, overload and a busy client: what is wrong comes before what is slow',
      changes: { ...BUSY, ...GROWING, ...ledger({ lost: 1 }) },
      warnings: [/^1 acknowledged and lost$/, /^the backlog grew/, /^producers was busy/],
    },
  ],
};

for (const [verdict, cases] of Object.entries(VERDICTS)) {
  describe(`a trial is ${verdict}`, () => {
    for (const { given, changes, warnings } of cases) {
      it(`given ${given}`, () => {
        const judgement = judge(evidence(changes));
        assert.equal(judgement.verdict, verdict);
        assert.equal(judgement.warnings.length, warnings.length, judgement.warnings.join('\n'));
        for (const [index, warning] of warnings.entries())
          assert.match(judgement.warnings[index] ?? '', warning);
      });
    }
  });
}

describe('a warning of late sends', () => {
  it('tells that a window was full, where one was', () => {
    const { warnings } = judge(evidence({ ...LATE, health: [health({ windowFull: 0.256 })] }));
    assert.match(warnings.join(), /a producer's window was full 25\.6 % of the time/);
    assert.doesNotMatch(judge(evidence(LATE)).warnings.join(), /window/);
  });
});
