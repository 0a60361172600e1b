import type { Contract } from '../scenario/index.ts';
import { growthOf, type PhaseRows } from './backlog.ts';
import type { DeadLetters } from './dead-letter-ledger.ts';
import { BUSY_UTILIZATION, type GeneratorHealth } from './health.ts';
import type { Ledger } from './ledger.ts';
import { unsteadiness } from './steadiness.ts';
import type { Throttling } from './throttle-record.ts';

/**
 * What a trial came to.
 *
 * - `sustained`: the broker carried the load, and every message is accounted for
 * - `overloaded`: it fell behind; its latencies measure the length of the run and are never ranked
 * - `client-limited`: we were the limit; the numbers are not the broker's
 * - `broker-throttled`: the broker held the producers back
 * - `incorrect`: the contract was broken: something lost, invented, changed or out of order
 * - `failed`: the trial did not run to its end, or the broker stopped taking messages until somebody mends it
 */
type Verdict = 'sustained' | 'overloaded' | 'client-limited' | 'broker-throttled' | 'incorrect' | 'failed';

/** A sender later than this at the 99th percentile is worth a question. */
const LATE_DEBT_US = 1000;
/** ... when it is also more than this share of the headline's 99th percentile. */
const LATE_DEBT_SHARE = 0.05;
/** The client is the limit when more of the headline's 99th percentile than this is its own lateness. */
const CLIENT_DEBT_SHARE = 0.5;
/** Producers held back by the broker for more than this share of the time decide the 99th percentile. */
const THROTTLED_SHARE = 0.01;
/** When more than this share of the sends was not acknowledged, the broker did not carry the load. */
const UNACKNOWLEDGED_SHARE = 0.01;

/** All that a verdict rests on. */
export interface Evidence {
  readonly ledger: Ledger;
  /** of messages that failed; undefined for a workload in which none does */
  readonly deadLetters: DeadLetters | undefined;
  /** what has to hold of the work that was done and does not, a line each */
  readonly broken: readonly string[];
  /** why what was to be done after the load could not be; undefined where it was, or there was nothing */
  readonly unfinished: string | undefined;
  readonly contract: Contract;
  /** whether the broker promises order per key */
  readonly ordered: 'per key' | 'not at all';
  /** whether the broker marks what it delivers again; where it does not, a duplicate is no breach in itself */
  readonly redeliveries: 'marked' | 'unmarked';
  readonly health: readonly GeneratorHealth[];
  /** the measured ones, warm-up left out, without the seconds in which something was done on purpose */
  readonly phases: readonly PhaseRows[];
  /** whether the scenario has the broker, its network or its consumers fail */
  readonly faults: 'asked for' | 'none';
  /** how long they lasted */
  readonly measuredSeconds: number;
  readonly scheduleDebtP99Us: number | null;
  /** of it, what was no wait for a full window */
  readonly clientDebtP99Us: number | null;
  readonly endToEndP99Us: number | null;
  /** planned messages that were not even attempted before the drain's time-out */
  readonly unsent: number;
  /** why the load was given up before its end; undefined where it was not */
  readonly hopeless: string | undefined;
  /** why the broker could not be told to delete what the trial had created; undefined: it could */
  readonly left: string | undefined;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** one line each: what led to the verdict, and what else the reader must know */
  readonly warnings: readonly string[];
}

export function judge(evidence: Evidence): Judgement {
  const wrongs = [...violations(evidence), ...evidence.broken];
  const behind = signsOfOverload(evidence);
  const late = signsOfLateSends(evidence);
  const held = throttling(evidence);
  const busy = evidence.health.filter((agent) => agent.eventLoopUtilization > BUSY_UTILIZATION);
  const busyText = busy.map(
    (agent) => `${agent.agent} was busy ${Math.round(agent.eventLoopUtilization * 100)} % of the time`,
  );
  const broken = signsOfFailure(evidence);
  const warnings = [
    ...wrongs,
    ...broken,
    ...held.signs,
    ...behind,
    ...late,
    ...remarks(evidence),
    ...unsteadiness(evidence.phases),
  ];
  if (wrongs.length > 0) return { verdict: 'incorrect', warnings: [...warnings, ...busyText] };
  if (broken.length > 0) return { verdict: 'failed', warnings: [...warnings, ...busyText] };
  // before all that is laid to the broker, which may have been slow, or full, for want of a client that keeps up
  if (held.signs.length + behind.length + late.length > 0 && busy.length > 0) {
    return { verdict: 'client-limited', warnings: [...busyText, ...warnings] };
  }
  if (isMostlyOurs(evidence)) return { verdict: 'client-limited', warnings };
  // before `overloaded`, of which it may be the cause; and the broker says so itself
  if (held.share > THROTTLED_SHARE) return { verdict: 'broker-throttled', warnings };
  return { verdict: behind.length > 0 ? 'overloaded' : 'sustained', warnings: [...warnings, ...busyText] };
}

/** What the broker says of having held producers back, and for which share of the time. */
function throttling({ health, measuredSeconds }: Evidence): {
  readonly share: number;
  readonly signs: readonly string[];
} {
  let worst: Throttling = { seconds: 0, reason: '' };
  for (const { throttled } of health) {
    if (throttled !== null && throttled.seconds > worst.seconds) worst = throttled;
  }
  const { seconds, reason } = worst;
  if (seconds === 0) return { share: 0, signs: [] };
  // longer than the load where it ended before the broker let go
  const of = `${seconds > measuredSeconds ? ', beyond the load of' : ' of'} ${formatSeconds(measuredSeconds)}`;
  return {
    share: seconds / measuredSeconds,
    signs: [`the broker blocked producers for ${formatSeconds(seconds)}${of}: ${reason}`],
  };
}

function formatSeconds(seconds: number): string {
  return `${Math.round(seconds * 10) / 10} s`;
}

/** Whether the headline tells more of the client's lateness than of the broker. */
function isMostlyOurs({ clientDebtP99Us, endToEndP99Us }: Evidence): boolean {
  if (clientDebtP99Us === null || endToEndP99Us === null) return false;
  return clientDebtP99Us > LATE_DEBT_US && clientDebtP99Us > CLIENT_DEBT_SHARE * endToEndP99Us;
}

/** Breaches of what the contract promises, in words. */
function violations({ ledger, deadLetters, contract, ordered, redeliveries }: Evidence): readonly string[] {
  const once = contract === 'effectively-once';
  const unsure = ledger.subscriptions.some((each) => each.lost > 0 && !each.backlogKnown);
  const late = unsure ? ', or still on the broker, which cannot say what it holds' : '';
  const breaches: readonly (readonly [number, string])[] = [
    [contract === 'fire-and-forget' ? 0 : ledger.lost, `acknowledged and lost${late}`],
    [ledger.phantom, 'delivered though nobody sent them'],
    [ledger.corrupt, 'delivered with a changed payload'],
    [ledger.resurrected, 'delivered though reported as failed'],
    [once || redeliveries === 'marked' ? ledger.silentDuplicates : 0, 'delivered again without a mark'],
    [once ? ledger.duplicates - ledger.silentDuplicates : 0, 'delivered again'],
    [ordered === 'per key' ? ledger.outOfOrder : 0, 'overtaken by a later message of the same key'],
    [deadLetters?.missing ?? 0, 'given up by their handler, and in no dead letters'],
    [deadLetters?.unexpected ?? 0, 'in the dead letters, and not given up by their handler'],
    [deadLetters?.redrivenMissing ?? 0, 'sent again from the dead letters, and lost'],
  ];
  return breaches.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
}

/** What somebody has to mend before a trial means anything. */
function signsOfFailure({ ledger, left, unfinished }: Evidence): readonly string[] {
  const mended = ledger.reasons.filter(({ mend }) => mend !== undefined);
  const signs = [
    ...mended.map(({ reason, mend, count }) => `${count} sends were not acknowledged: ${reason}; ${mend}`),
    ...(unfinished === undefined ? [] : [unfinished]),
  ];
  if (left === undefined) return signs;
  const messages =
    ledger.unverified === 1 ? '1 acknowledged message' : `${ledger.unverified} acknowledged messages`;
  const held = ledger.unverified > 0 ? `; ${messages} may be on it` : '';
  return [
    ...signs,
    `the broker was gone in the end: ${left}${held}; mqbench clean deletes what is left on it`,
  ];
}

function signsOfOverload(evidence: Evidence): readonly string[] {
  const { ledger, phases, unsent } = evidence;
  const signs: string[] = [];
  const unacknowledged = ledger.failed + ledger.unknown;
  // with faults they are no sign of too much load; how many there were is told by `remarks`
  if (evidence.faults === 'none' && unacknowledged > UNACKNOWLEDGED_SHARE * ledger.attempted)
    signs.push(`${unacknowledged} of ${ledger.attempted} sends were not acknowledged`);
  if (evidence.hopeless !== undefined) signs.push(`given up: ${evidence.hopeless}`);
  else if (unsent > 0)
    signs.push(`${unsent} planned messages were never sent: the producers' window stayed full`);
  if (ledger.backlog > 0)
    signs.push(`${ledger.backlog} messages were still on the broker when the drain timed out`);
  for (const { phase, perSecond, to } of growthOf(phases)) {
    const where = phase === undefined ? '' : ` in ${phase}`;
    signs.push(
      `the backlog grew by ${Math.round(perSecond)} messages a second${where}, to ${Math.round(to)}`,
    );
  }
  return signs;
}

function signsOfLateSends(evidence: Evidence): readonly string[] {
  const { scheduleDebtP99Us, clientDebtP99Us, endToEndP99Us, health } = evidence;
  if (scheduleDebtP99Us === null || scheduleDebtP99Us <= LATE_DEBT_US) return [];
  if (endToEndP99Us !== null && scheduleDebtP99Us <= LATE_DEBT_SHARE * endToEndP99Us) return [];
  const windowFull = Math.max(0, ...health.map((agent) => agent.windowFull));
  const full = `; a producer's window was full ${(windowFull * 100).toFixed(1)} % of the time`;
  const apart =
    clientDebtP99Us === null ? '' : `, and without that wait they were up to ${inMs(clientDebtP99Us)} late`;
  const why = windowFull > 0.001 ? `${full}${apart}` : '';
  const ours = isMostlyOurs(evidence) ? "; over half of the headline's p99 is the client's own lateness" : '';
  return [`sends were up to ${inMs(scheduleDebtP99Us)} late at p99 (it is in the latencies)${why}${ours}`];
}

function inMs(us: number): string {
  return `${(us / 1000).toFixed(1)} ms`;
}

function remarks({ ledger, deadLetters, contract, ordered, redeliveries }: Evidence): readonly string[] {
  // under effectively-once a duplicate is a breach, and told as one
  const allowed = contract !== 'effectively-once';
  // by signsOfFailure
  const told = (outcomes: readonly string[]): number =>
    ledger.reasons
      .filter(({ outcome, mend }) => mend !== undefined && outcomes.includes(outcome))
      .reduce((sum, { count }) => sum + count, 0);
  const lines: readonly (readonly [number, string])[] = [
    [contract === 'fire-and-forget' ? ledger.lost : 0, 'lost, as fire-and-forget allows'],
    [ledger.failed - told(['refused', 'failed']), `sends failed${becauseOf(ledger, ['refused', 'failed'])}`],
    [ledger.unknown - told(['unknown']), `sends with unknown outcome${becauseOf(ledger, ['unknown'])}`],
    [allowed ? ledger.duplicates - ledger.silentDuplicates : 0, 'redelivered, marked as such'],
    [
      allowed && redeliveries === 'unmarked' ? ledger.silentDuplicates : 0,
      'delivered again, as at-least-once allows (this broker does not mark every redelivery)',
    ],
    [
      ordered === 'not at all' ? ledger.outOfOrder : 0,
      'overtaken by a later message of the same key; this broker promises no order',
    ],
    [deadLetters?.foundAgain ?? 0, 'dead letters twice, as a crash between storing and settling allows'],
  ];
  return lines.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
}

/** `: connection refused`, `: connection refused, and others` */
function becauseOf({ reasons }: Ledger, outcomes: readonly string[]): string {
  const [first, ...others] = reasons.filter(
    ({ outcome, mend }) => mend === undefined && outcomes.includes(outcome),
  );
  if (first === undefined) return '';
  return `: ${first.reason}${others.length > 0 ? ', and others' : ''}`;
}
