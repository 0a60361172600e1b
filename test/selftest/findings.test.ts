import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MemoryTruth } from '../../src/drivers/memory/index.ts';
import type { Stall } from '../../src/clock/index.ts';
import { emptyIdentity, Payloads, type Identity } from '../../src/load/index.ts';
import type { TrialResult } from '../../src/result/index.ts';
import {
  delayFindings,
  ledgerFindings,
  omissionFindings,
  paceFindings,
  stallFindings,
  type Finding,
} from '../../src/selftest/findings.ts';
import type { Observation } from '../../src/selftest/run-setting.ts';
import { agentOf, latencyOf, ledgerOf, trialOf } from '../result/fixtures/sample.ts';

type Delayed = Pick<Observation, 'trial' | 'truth'>;
type Paced = Pick<Observation, 'trial' | 'startNs' | 'stalls'>;
type LatencyName = keyof TrialResult['measured']['latency'];

/** A trial that measured these latencies, in µs. */
function measuring(latencies: Partial<Record<LatencyName, readonly number[]>>): TrialResult {
  const { measured } = trialOf();
  const changed = Object.entries(latencies).map(([name, us]) => [name, latencyOf(us)]);
  return trialOf({
    measured: { ...measured, latency: { ...measured.latency, ...Object.fromEntries(changed) } },
  });
}

/** Which of the findings are off, by their place. */
function convicted(findings: readonly Finding[]): readonly number[] {
  return findings.flatMap((finding, index) => (finding.passed ? [] : [index]));
}

function times(count: number, us: number): readonly number[] {
  return new Array<number>(count).fill(us);
}

describe('delayFindings of a delay of 20 ms', () => {
  const NO_FAULTS = { published: 10_000, lost: [], duplicated: [], reordered: [] };
  /** 10,000 messages, two hundredths of them in the tail; what the meter says, and what the broker did. */
  const around = (ms: number, tailMs = ms, trueMs = 20, trueTailMs = trueMs): Delayed => ({
    trial: measuring({ endToEnd: [...times(9800, ms * 1000), ...times(200, tailMs * 1000)] }),
    truth: {
      ...NO_FAULTS,
      deliveries: [...times(100, 99), ...times(9800, trueMs), ...times(200, trueTailMs)].map((ms, index) => [
        noted({ phase: index < 100 ? 0 : 1, plannedNs: 5e9 }),
        5e9 + ms * 1e6,
      ]),
    },
  });
  const silent = { trial: measuring({ endToEnd: [] }), truth: { ...NO_FAULTS, deliveries: [] } };

  const table: readonly (readonly [string, readonly Delayed[], readonly number[]])[] = [
    ['acquit 20.3 ms, whatever was in the warm-up', [around(20.3)], []],
    ['convict a median and a tail that are too high', [around(21)], [0, 1]],
    ['convict a median and a tail that are too low', [around(19)], [0, 1]],
    ['convict a tail alone', [around(20.1, 24)], [1]],
    ['acquit a tail that the broker had in truth', [around(20.1, 24, 20, 23.8)], []],
    ['convict a meter that hides the tail of the broker', [around(20.1, 20.1, 20, 23.8)], [1]],
    ['convict a broker that was late itself at the median', [around(22, 22, 22, 22)], [0]],
    ['forgive the busy trials beside an undisturbed one', [around(20.1, 40), around(20.2)], []],
    ['convict one that is too short beside a good one', [around(19), around(20.2)], [0, 1]],
    ['convict nothing but busy trials', [around(20.1, 40), around(20.1, 30)], [1]],
    ['convict no sample at all', [silent], [0, 1]],
  ];
  for (const [what, trials, expected] of table)
    it(what, () => assert.deepEqual(convicted(delayFindings(trials, 20)), expected));
});

/** 10,000 messages at 1,000/s, of which those due in a stall of a second wait for its end. */
function stalled(stallSeconds = 1): readonly number[] {
  const due = stallSeconds * 1000;
  return Array.from({ length: 10_000 }, (_, message) => (message < due ? (due - message) * 1000 : 300));
}

describe('stallFindings of a stall of a second', () => {
  it('acquit what an open loop measures', () => {
    const findings = stallFindings([{ trial: measuring({ endToEnd: stalled() }) }], 1000, 1);
    assert.deepEqual(convicted(findings), []);
    assert.equal(findings.length, 6);
    assert.match(findings[3]?.expected ?? '', /^500 ± 20$/);
  });

  it('judge the last of several trials, and say which it was', () => {
    const trials = [stalled(1.05), stalled()].map((endToEnd) => ({ trial: measuring({ endToEnd }) }));
    const findings = stallFindings(trials, 1000, 1);
    assert.deepEqual(convicted(findings), []);
    assert.match(findings[3]?.measured ?? '', /^\d+ \(trial 2\)$/);
  });

  it('convict a meter that omits coordinately: one slow message', () => {
    const findings = stallFindings([{ trial: measuring({ endToEnd: [1e6, ...times(9999, 300)] }) }], 1000, 1);
    assert.deepEqual(convicted(findings), [0, 1, 2, 3, 4, 5]);
  });

  it('convict a meter that takes the stall for 5 % longer or shorter than it was', () => {
    for (const seconds of [0.95, 1.05])
      assert.notDeepEqual(
        convicted(stallFindings([{ trial: measuring({ endToEnd: stalled(seconds) }) }], 1000, 1)),
        [],
      );
  });

  it('convict a meter that delays all messages of the stall alike', () => {
    const endToEnd = [...times(1000, 1e6), ...times(9000, 300)];
    assert.deepEqual(
      convicted(stallFindings([{ trial: measuring({ endToEnd }) }], 1000, 1)),
      [1, 2, 3, 4, 5],
    );
  });
});

describe('omissionFindings of a client that blocks through a stall of a second', () => {
  const oneSlowCall = [1e6, ...times(9999, 200)];
  const table: readonly (readonly [string, readonly number[], readonly number[], readonly number[]])[] = [
    ['acquit one slow call, and half the stall felt', oneSlowCall, stalled(), []],
    ['convict a service time that has the plan in it', stalled(), stalled(), [0]],
    ['convict a service time that misses the stall', times(10_000, 200), stalled(), [0]],
    ['convict an end to end that omits coordinately', oneSlowCall, oneSlowCall, [1]],
  ];
  for (const [what, service, endToEnd, expected] of table) {
    it(what, () => {
      assert.deepEqual(convicted(omissionFindings(measuring({ service, endToEnd }), 1000, 1)), expected);
    });
  }
});

/** What the broker notes of a message: its first bytes. */
function noted(changes: Partial<Identity>): string {
  const payload = new Payloads(64, 1).write({ ...emptyIdentity(), ...changes });
  return payload.toString('base64', 0, 36);
}

describe('ledgerFindings', () => {
  const truth: MemoryTruth = {
    published: 1000,
    lost: [noted({ sequence: 4 }), noted({ sequence: 5 }), noted({ producer: 1, sequence: 4 })],
    duplicated: [noted({ sequence: 8 })],
    reordered: [noted({ sequence: 9 }), noted({ sequence: 2 ** 33 })],
    deliveries: [],
  };
  const found: Partial<TrialResult['ledger']> = {
    lost: 3,
    duplicates: 1,
    outOfOrder: 2,
    examples: {
      missing: ['selftest: producer 0 #4-5', 'selftest: producer 1 #4'],
      silentDuplicate: ['selftest: producer 0 #8 key 3/2'],
      outOfOrder: ['selftest: producer 0 #9 key 1/0', 'selftest: producer 0 #8589934592 key 0/7'],
    },
  };

  function of(changes: Partial<TrialResult['ledger']>, known = truth): readonly Finding[] {
    return ledgerFindings({ trial: trialOf({ ledger: ledgerOf({ ...found, ...changes }) }), truth: known });
  }

  function naming(examples: Record<string, string[]>): readonly number[] {
    return convicted(of({ examples: { ...found.examples, ...examples } }));
  }

  it('acquit a ledger that names each and no other', () => {
    const findings = of({});
    assert.deepEqual(convicted(findings), []);
    assert.deepEqual(
      findings.slice(0, 3).map(({ expected, measured }) => [expected, measured]),
      [
        ['3 of 1000', '3, 0 named wrongly or not at all'],
        ['1 of 1000', '1, 0 named wrongly or not at all'],
        ['2 of 1000', '2, 0 named wrongly or not at all'],
      ],
    );
  });

  it('convict a count that is off by one, either way', () => {
    assert.deepEqual(convicted(of({ lost: 2 })), [0]);
    assert.deepEqual(convicted(of({ lost: 4 })), [0]);
    assert.deepEqual(convicted(of({ duplicates: 2 })), [1]);
    assert.deepEqual(convicted(of({ outOfOrder: 1 })), [2]);
  });

  it('convict the right number of the wrong messages', () => {
    assert.deepEqual(naming({ missing: ['selftest: producer 0 #4-6'] }), [0]);
    assert.deepEqual(naming({ silentDuplicate: ['selftest: producer 1 #8 key 3/2'] }), [1]);
    assert.deepEqual(naming({ outOfOrder: ['selftest: producer 0 #9 key 1/0'] }), [2]);
  });

  it('convict a ledger that counts and names nobody', () => {
    assert.deepEqual(convicted(of({ examples: {} })), [0, 1, 2]);
  });

  it('convict phantoms, corruption and resurrection', () => {
    for (const kind of ['phantom', 'corrupt', 'resurrected'])
      assert.deepEqual(convicted(of({ [kind]: 1 })), [3], kind);
  });

  it('convict a broker that committed no faults: nothing was proved', () => {
    const innocent = { published: 1000, lost: [], duplicated: [], reordered: [], deliveries: [] };
    const nothing = of({ lost: 0, duplicates: 0, outOfOrder: 0, examples: {} }, innocent);
    assert.deepEqual(convicted(nothing), [0, 1, 2]);
  });

  it('refuse to guess: an example or a note that cannot be read is a bug', () => {
    assert.throws(() => naming({ missing: ['many'] }), /not an example/);
    assert.throws(() => of({}, { ...truth, lost: ['AAAA'] }), /no identity/);
  });
});

describe('paceFindings at 1,000/s', () => {
  const CALM = 400;
  /** Ten phases of a second from a start at 1 s, each as late as is said of it. */
  function paced(
    rate: number,
    debtsUs: readonly number[],
    cpu: number | null,
    stalls: readonly Stall[],
  ): Paced {
    const trial = trialOf();
    const [, steady] = trial.phases;
    assert.ok(steady !== undefined);
    const phases = Array.from({ length: 10 }, (_, index) => {
      const scheduleDebt = latencyOf(times(1000, debtsUs[index] ?? debtsUs.at(-1) ?? 0));
      return { ...steady, seconds: 1, latency: { ...steady.latency, scheduleDebt } };
    });
    const client = [
      { ...agentOf('consumers of main', 0.99), cpu: 0.99 },
      { ...agentOf('producers', 0.5), cpu },
    ];
    const measured = { ...trial.measured, attemptedRate: rate };
    const resources = { ...trial.resources, client };
    return { trial: { ...trial, phases, measured, resources }, startNs: 1e9, stalls };
  }

  function of(
    rate: number,
    debtsUs: readonly number[],
    cpu: number | null = 0.4,
    stalls: readonly Stall[] = [],
  ): readonly number[] {
    return convicted(paceFindings([paced(rate, debtsUs, cpu, stalls)], 1000));
  }

  it('acquit the planned rate, sent in time by a thread that sleeps', () => {
    assert.deepEqual(of(1000.5, [CALM]), []);
  });

  it('convict a rate that is off by more than a thousandth, either way', () => {
    assert.deepEqual(of(998.9, [CALM]), [0]);
    assert.deepEqual(of(1001.1, [CALM]), [0]);
    assert.deepEqual(of(NaN, [CALM]), [0]);
  });

  it('convict sends that are late', () => {
    assert.deepEqual(of(1000, [1100]), [1]);
    assert.deepEqual(of(1000, [1100, CALM]), [1]);
  });

  it('leave out the phases in which the machine stood still, and no others', () => {
    const inTheFirst = { fromNs: 1.5e9, toNs: 1.51e9 };
    assert.deepEqual(of(1000, [1100, CALM], 0.4, [inTheFirst]), []);
    assert.deepEqual(of(1000, [1100, 1100, CALM], 0.4, [inTheFirst]), [1]);
    assert.deepEqual(of(1000, [1100, CALM], 0.4, [{ fromNs: 99e9, toNs: 100e9 }]), [1]);
  });

  it('convict where the machine stood still all the time: nothing was proved', () => {
    assert.deepEqual(of(1000, [CALM], 0.4, [{ fromNs: 0, toNs: 20e9 }]), [1]);
  });

  it('judge by the trial that was disturbed least', () => {
    const trials = [1100, 900, 1300].map((debtUs) => paced(1000, [debtUs], 0.4, []));
    const findings = paceFindings(trials, 1000);
    assert.deepEqual(convicted(findings), []);
    assert.match(findings[1]?.measured ?? '', /^0\.90 ms \(3 trials: 1\.10, 0\.90, 1\.30\)/);
  });

  it('convict a busy loop', () => {
    assert.deepEqual(of(1000, [10], 0.97), [1]);
  });

  it('where Node cannot tell the CPU time of a thread: judge by the sends alone', () => {
    assert.deepEqual(of(1000, [CALM], null), []);
    assert.deepEqual(of(1000, [1100], null), [1]);
  });
});
