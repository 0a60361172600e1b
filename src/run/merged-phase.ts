import {
  LATENCIES,
  backlogOf,
  PhaseRecord,
  type Happened,
  type IntervalRow,
  type LatencySummary,
} from '../measure/index.ts';
import type { TrialResult } from '../result/index.ts';
import type { Phase } from '../scenario/index.ts';
import type { TrialRecord } from './trial.ts';

type Rates = Pick<TrialResult['measured'], 'attemptedRate' | 'acknowledgedRate' | 'deliveredRate'>;

/** One phase over all agents. */
export interface MergedPhase {
  readonly spec: Phase;
  readonly record: PhaseRecord;
  readonly happened: Happened;
  /** the whole seconds that lie in it */
  readonly rows: readonly IntervalRow[];
  readonly result: TrialResult['phases'][number];
}

/** @param rows every second of the trial */
export function mergePhase(
  spec: Phase,
  index: number,
  { plan, reports, series, loadSeconds }: TrialRecord,
  rows: readonly IntervalRow[],
): MergedPhase {
  const { load, topology } = plan.scenario;
  const record = new PhaseRecord();
  for (const report of reports) {
    const account = report.phases[index];
    if (account !== undefined) record.add(account);
  }
  const happened = series.happenedIn(index);
  const start = startOf(index, load.phases);
  const seconds = Math.min(spec.seconds, Math.max(0, loadSeconds - start));
  const inside = rows.slice(Math.ceil(start), Math.floor(start + seconds));
  return {
    spec,
    record,
    happened,
    rows: inside,
    result: {
      name: spec.name,
      warmup: spec.warmup,
      plannedRate: (spec.fromPerSecond + spec.toPerSecond) / 2,
      seconds,
      ...ratesOf(happened, seconds, topology.subscriptions.length),
      ...backlogOf(inside),
      attempted: record.attempted,
      acknowledged: record.acknowledged,
      delivered: record.delivered,
      latency: summaries(record),
    },
  };
}

/** What happened in a span of so many seconds; 0 where an interruption came before it. */
function ratesOf(happened: Happened, seconds: number, subscriptions: number): Rates {
  const perSecond = (count: number): number => (seconds === 0 ? 0 : count / seconds);
  return {
    attemptedRate: perSecond(happened.attempted),
    acknowledgedRate: perSecond(happened.acknowledged),
    deliveredRate: perSecond(happened.delivered / subscriptions),
  };
}

/** The measured phases as one: histograms merged, counts added. */
export function summarize(
  phases: readonly MergedPhase[],
  subscriptions: number,
): Omit<TrialResult['measured'], 'subscriptions'> {
  const record = new PhaseRecord();
  for (const phase of phases) record.add(phase.record.account());
  const seconds = phases.reduce((sum, { result }) => sum + result.seconds, 0);
  const planned = phases.reduce((sum, { spec, result }) => sum + result.plannedRate * spec.seconds, 0);
  return {
    seconds,
    plannedRate: planned / phases.reduce((sum, { spec }) => sum + spec.seconds, 0),
    ...ratesOf(sumOf(phases.map(({ happened }) => happened)), seconds, subscriptions),
    ...backlogOf(phases.flatMap(({ rows }) => rows)),
    latency: summaries(record),
    clientDebtP99Us: record.clientDebt.quantileUs(0.99),
  };
}

/** End to end to each subscription, over the measured phases. */
export function bySubscription({ plan, reports }: TrialRecord): TrialResult['measured']['subscriptions'] {
  const { load, topology } = plan.scenario;
  return topology.subscriptions.map((subscription) => {
    const record = new PhaseRecord();
    const own = reports.filter(({ delivery }) => delivery?.subscription === subscription);
    for (const [index, { warmup }] of load.phases.entries()) {
      if (warmup) continue;
      for (const { phases } of own) {
        const account = phases[index];
        if (account !== undefined) record.add(account);
      }
    }
    return { subscription, delivered: record.delivered, endToEnd: record.endToEnd.summary() };
  });
}

function sumOf(all: readonly Happened[]): Happened {
  const sum = (count: keyof Happened): number => all.reduce((total, each) => total + each[count], 0);
  return { attempted: sum('attempted'), acknowledged: sum('acknowledged'), delivered: sum('delivered') };
}

/** When a phase begins, in seconds from the start of the load. */
function startOf(index: number, phases: readonly Phase[]): number {
  return phases.slice(0, index).reduce((sum, phase) => sum + phase.seconds, 0);
}

function summaries(record: PhaseRecord): TrialResult['measured']['latency'] {
  const entries = LATENCIES.map((name): [string, LatencySummary] => [name, record[name].summary()]);
  return Object.fromEntries(entries) as TrialResult['measured']['latency'];
}
