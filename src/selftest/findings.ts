import { emptyIdentity, type Identity, readIdentity } from '../load/index.ts';
import { LatencyHistogram } from '../measure/index.ts';
import type { LatencyResult, TrialResult } from '../result/index.ts';
import { calmPhases } from './calm.ts';
import type { Observation } from './run-setting.ts';

/** One statement about the meter, and whether it held. */
export interface Finding {
  readonly what: string;
  readonly expected: string;
  readonly measured: string;
  readonly passed: boolean;
}

/** Index of the phase that is not measured. */
const WARMUP_PHASE = 0;
/** A delay is met within 1 % and half a millisecond. */
const DELAY_SHARE = 0.01;
const DELAY_SLACK_MS = 0.5;
/** A stall's samples are met within 2 % of their number. */
const STALL_SHARE = 0.02;

/**
 * A constant delay comes out at the median, and so does the tail, which is what the broker says that it did: on
 * a machine that stands still now and then, some messages are delivered late in truth. Of several trials the one
 * with the shortest tail counts, since what else runs can only add to it.
 */
export function delayFindings(
  trials: readonly Pick<Observation, 'trial' | 'truth'>[],
  delayMs: number,
): readonly Finding[] {
  const toleranceMs = delayMs * DELAY_SHARE + DELAY_SLACK_MS;
  const measuredMs = (quantile: 'p50Us' | 'p99Us') => (of: Pick<Observation, 'trial'>) =>
    (of.trial.measured.latency.endToEnd[quantile] ?? Infinity) / 1000;
  const [p50, p99] = [measuredMs('p50Us'), measuredMs('p99Us')];
  const [quietest] = trials.toSorted((a, b) => p99(a) - p99(b));
  if (quietest === undefined) throw new Error('no trial to judge');
  const trueMs = trueEndToEndMs(quietest);
  const trueTailMs = trueMs[Math.ceil(trueMs.length * 0.99) - 1] ?? NaN;
  const what = `constant delay of ${delayMs} ms: endToEnd`;
  return [
    {
      what: `${what} p50`,
      expected: `${delayMs} ± ${toleranceMs.toFixed(1)} ms`,
      measured: `${p50(quietest).toFixed(2)} ms${ofTrials(trials.map(p50))}`,
      passed: Math.abs(p50(quietest) - delayMs) <= toleranceMs,
    },
    {
      what: `${what} p99`,
      expected: `${trueTailMs.toFixed(2)} ± ${toleranceMs.toFixed(1)} ms, as the broker noted it`,
      measured: `${p99(quietest).toFixed(2)} ms${ofTrials(trials.map(p99))}`,
      passed: Math.abs(p99(quietest) - trueTailMs) <= toleranceMs,
    },
  ];
}

/** From the plan to the broker's write to the consumer, of the messages after the warm-up; ascending. */
function trueEndToEndMs({ truth }: Pick<Observation, 'truth'>): readonly number[] {
  const identity = emptyIdentity();
  return truth.deliveries
    .flatMap(([bytes, atNs]) => {
      readNoted(bytes, identity);
      return identity.phase > WARMUP_PHASE ? [(atNs - identity.plannedNs) / 1e6] : [];
    })
    .toSorted((a, b) => a - b);
}

/**
 * An open-loop stall delays every message due in it, and their delays spread linearly from 0 to its length. A
 * machine that stands still as the stall ends makes it longer in truth. The last of several trials counts: one is
 * made after another only while all so far were off.
 */
export function stallFindings(
  trials: readonly Pick<Observation, 'trial'>[],
  ratePerSecond: number,
  stallSeconds: number,
): readonly Finding[] {
  const last = trials.at(-1);
  if (last === undefined) throw new Error('no trial to judge');
  const { endToEnd } = last.trial.measured.latency;
  const which = trials.length === 1 ? '' : ` (trial ${trials.length})`;
  const expected = ratePerSecond * stallSeconds;
  const shares = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9];
  return shares.map((share) => {
    const over = countAbove(endToEnd, share * stallSeconds * 1e6);
    const due = expected * (1 - share);
    return {
      what: `stall of ${stallSeconds} s: messages more than ${share * stallSeconds} s late`,
      expected: `${Math.round(due)} ± ${Math.round(expected * STALL_SHARE)}`,
      measured: `${over}${which}`,
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
export function ledgerFindings({ trial, truth }: Pick<Observation, 'trial' | 'truth'>): readonly Finding[] {
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

/**
 * Sends keep to the plan, and none is left out. How late they are is told of the time in which the machine did
 * not stand still, and of the trial that was disturbed least.
 */
export function paceFindings(
  trials: readonly Pick<Observation, 'trial' | 'startNs' | 'stalls'>[],
  ratePerSecond: number,
): readonly Finding[] {
  const paced = trials.map((observed) => {
    const { latency, share } = calmPhases(observed, 'scheduleDebt');
    return { ...observed, share, debtMs: (latency.quantileUs(0.99) ?? Infinity) / 1000 };
  });
  const [least] = paced.toSorted((a, b) => a.debtMs - b.debtMs);
  if (least === undefined) throw new Error('no trial to judge');
  const { measured, resources } = least.trial;
  const off = Math.abs(measured.attemptedRate / ratePerSecond - 1);
  const producers = resources.client.find((agent) => agent.agent === 'producers');
  const cpu = producers?.cpu ?? null;
  const cpuText = cpu === null ? 'unknown' : `${Math.round(cpu * 100)} %`;
  const calmText = `${Math.round(least.share * 100)} % of the time undisturbed`;
  return [
    {
      what: `rate offered over ${Math.round(measured.seconds)} s`,
      expected: `${ratePerSecond}/s ± 0.1 %`,
      measured: `${measured.attemptedRate.toFixed(1)}/s`,
      passed: off <= 0.001,
    },
    {
      what: `scheduleDebt p99 at ${ratePerSecond}/s`,
      expected: '<= 1 ms, without a busy loop',
      measured: `${least.debtMs.toFixed(2)} ms${ofTrials(paced.map(({ debtMs }) => debtMs))}, ${calmText}; sender at ${cpuText} of a CPU`,
      passed: least.debtMs <= 1 && (cpu === null || cpu < 0.9),
    },
  ];
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
    readNoted(bytes, identity);
    return `${identity.producer}/${identity.sequence}`;
  });
}

function readNoted(bytes: string, identity: Identity): void {
  if (!readIdentity(Buffer.from(bytes, 'base64'), identity)) throw new Error('the broker noted no identity');
}
