import { emptyIdentity, readIdentity } from '../load/index.ts';
import { LatencyHistogram } from '../measure/index.ts';
import type { LatencyResult, TrialResult } from '../result/index.ts';
import type { Observation } from './run-setting.ts';

/** One statement about the meter, and whether it held. */
export interface Finding {
  readonly what: string;
  readonly expected: string;
  readonly measured: string;
  readonly passed: boolean;
}

/** A delay is met within 1 % and half a millisecond. */
const DELAY_SHARE = 0.01;
const DELAY_SLACK_MS = 0.5;
/** A stall's samples are met within 2 % of their number. */
const STALL_SHARE = 0.02;

/**
 * A constant delay comes out at the median and in the tail. A busy machine can only add to it, so of several
 * trials the one with the shortest tail counts.
 */
export function delayFindings(trials: readonly TrialResult[], delayMs: number): readonly Finding[] {
  const tolerance = delayMs * DELAY_SHARE + DELAY_SLACK_MS;
  const quietest = quietestOf(trials, 'endToEnd');
  return (['p50Us', 'p99Us'] as const).map((quantile) => {
    const values = trials.map((trial) => msOf(trial, 'endToEnd', quantile));
    const value = msOf(quietest, 'endToEnd', quantile);
    return {
      what: `constant delay of ${delayMs} ms: endToEnd ${quantile.slice(0, 3)}`,
      expected: `${delayMs} ± ${tolerance.toFixed(1)} ms`,
      measured: `${value.toFixed(2)} ms${ofTrials(values)}`,
      passed: Math.abs(value - delayMs) <= tolerance,
    };
  });
}

/** An open-loop stall delays every message due in it, and their delays spread linearly from 0 to its length. */
export function stallFindings(
  trial: TrialResult,
  ratePerSecond: number,
  stallSeconds: number,
): readonly Finding[] {
  const { endToEnd } = trial.measured.latency;
  const expected = ratePerSecond * stallSeconds;
  const shares = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9];
  return shares.map((share) => {
    const over = countAbove(endToEnd, share * stallSeconds * 1e6);
    const due = expected * (1 - share);
    return {
      what: `stall of ${stallSeconds} s: messages more than ${share * stallSeconds} s late`,
      expected: `${Math.round(due)} ± ${Math.round(expected * STALL_SHARE)}`,
      measured: String(over),
      passed: Math.abs(over - due) <= expected * STALL_SHARE,
    };
  });
}

/** To a client that blocks, the service time shows the stall as one slow call; the plan shows what it cost. */
export function omissionFindings(
  trial: TrialResult,
  ratePerSecond: number,
  stallSeconds: number,
): readonly Finding[] {
  const { endToEnd, service } = trial.measured.latency;
  const halfUs = (stallSeconds / 2) * 1e6;
  const told = countAbove(service, halfUs);
  const suffered = countAbove(endToEnd, halfUs);
  const due = (ratePerSecond * stallSeconds) / 2;
  return [
    {
      what: `blocking client, stall of ${stallSeconds} s: service times over ${stallSeconds / 2} s`,
      expected: '1: what coordinated omission would report',
      measured: String(told),
      passed: told === 1,
    },
    {
      what: `the same stall: endToEnd over ${stallSeconds / 2} s`,
      expected: `at least ${Math.floor(due * (1 - STALL_SHARE))}: what the users felt`,
      measured: String(suffered),
      passed: suffered >= due * (1 - STALL_SHARE),
    },
  ];
}

/** The ledger names exactly the messages that the broker lost, duplicated and reordered. */
export function ledgerFindings({ trial, truth }: Observation): readonly Finding[] {
  const { ledger } = trial;
  const kinds = [
    { what: 'lost', told: ledger.lost, named: ledger.examples['missing'], truth: truth.lost },
    {
      what: 'duplicated',
      told: ledger.duplicates,
      named: ledger.examples['silentDuplicate'],
      truth: truth.duplicated,
    },
    {
      what: 'reordered',
      told: ledger.outOfOrder,
      named: ledger.examples['outOfOrder'],
      truth: truth.reordered,
    },
  ];
  const findings = kinds.map((kind) => {
    const named = new Set((kind.named ?? []).flatMap(parseExample));
    const real = new Set(truthIds(kind.truth));
    const wrong =
      [...named].filter((id) => !real.has(id)).length + [...real].filter((id) => !named.has(id)).length;
    return {
      what: `${kind.what} messages, each by its identity`,
      expected: `${real.size} of ${truth.published}`,
      measured: `${kind.told}, ${wrong} named wrongly or not at all`,
      passed: kind.told === real.size && wrong === 0 && real.size > 0,
    };
  });
  return [
    ...findings,
    {
      what: 'everything else: phantom, corrupt, resurrected',
      expected: '0',
      measured: String(ledger.phantom + ledger.corrupt + ledger.resurrected),
      passed: ledger.phantom + ledger.corrupt + ledger.resurrected === 0,
    },
  ];
}

/** Sends keep to the plan, and none is left out. As with a delay, the least disturbed trial counts. */
export function paceFindings(trials: readonly TrialResult[], ratePerSecond: number): readonly Finding[] {
  const trial = quietestOf(trials, 'scheduleDebt');
  if (trial === undefined) throw new Error('no trial to judge');
  const off = Math.abs(trial.measured.attemptedRate / ratePerSecond - 1);
  const p99Ms = msOf(trial, 'scheduleDebt', 'p99Us');
  const debts = trials.map((each) => msOf(each, 'scheduleDebt', 'p99Us'));
  const producers = trial.resources.client.find((agent) => agent.agent === 'producers');
  const cpu = producers?.cpu ?? null;
  return [
    {
      what: `rate offered over ${trial.measured.seconds} s`,
      expected: `${ratePerSecond}/s ± 0.1 %`,
      measured: `${trial.measured.attemptedRate.toFixed(1)}/s`,
      passed: off <= 0.001,
    },
    {
      what: `scheduleDebt p99 at ${ratePerSecond}/s`,
      expected: '<= 1 ms, without a busy loop',
      measured: `${p99Ms.toFixed(2)} ms${ofTrials(debts)}; sender thread at ${cpu === null ? 'unknown' : `${Math.round(cpu * 100)} %`} of a CPU`,
      passed: p99Ms <= 1 && (cpu === null || cpu < 0.9),
    },
  ];
}

type Span = 'endToEnd' | 'scheduleDebt';

/** The trial with the shortest tail. */
function quietestOf(trials: readonly TrialResult[], span: Span): TrialResult | undefined {
  const tailOf = (trial: TrialResult): number => trial.measured.latency[span].p99Us ?? Infinity;
  return trials.toSorted((a, b) => tailOf(a) - tailOf(b))[0];
}

/** Infinity where there is no such figure. */
function msOf(trial: TrialResult | undefined, span: Span, quantile: 'p50Us' | 'p99Us'): number {
  return (trial?.measured.latency[span][quantile] ?? Infinity) / 1000;
}

/** ` (1 trial: 20.41)` */
function ofTrials(valuesMs: readonly number[]): string {
  const trials = valuesMs.length === 1 ? '1 trial' : `${valuesMs.length} trials`;
  return ` (${trials}: ${valuesMs.map((each) => each.toFixed(2)).join(', ')})`;
}

function countAbove({ histogram, refused }: LatencyResult, us: number): number {
  return LatencyHistogram.decode({ histogram, refused }).countAbove(us);
}

/** `selftest: producer 0 #12-14 …` as the identities that it names. */
function parseExample(text: string): readonly string[] {
  const match = /producer (\d+) #(\d+)(?:-(\d+))?/.exec(text);
  if (match === null) throw new Error(`not an example of the ledger: ${text}`);
  const [, producer, from, to = from] = match;
  const count = Number(to) - Number(from) + 1;
  return Array.from({ length: count }, (_, index) => `${producer}/${Number(from) + index}`);
}

function truthIds(identities: readonly string[]): readonly string[] {
  return identities.map((bytes) => {
    const identity = emptyIdentity();
    if (!readIdentity(Buffer.from(bytes, 'base64'), identity))
      throw new Error('the broker noted no identity');
    return `${identity.producer}/${identity.sequence}`;
  });
}
