import {
  evaluate,
  judge,
  LATENCIES,
  PhaseRecord,
  reconcile,
  sumOfRequests,
  type Happened,
  type IntervalRow,
  type LatencySummary,
  type RequestCounts,
} from '../measure/index.ts';
import type { TrialResult } from '../result/index.ts';
import { type Check, metricNamed, type Phase } from '../scenario/index.ts';
import type { BrokerUsage } from './observer.ts';
import type { TrialRecord } from './trial.ts';

/** What is seen of the broker from beside it. */
interface Observed {
  readonly broker: BrokerUsage | undefined;
  readonly nodesHere?: number | undefined;
  readonly fsync: TrialResult['resources']['fsync'];
}

/** Turns what was measured into the result: merges the agents, reconciles, judges, checks. */
export function judgeTrial(record: TrialRecord, driver: string, observed: Observed): TrialResult {
  const { plan, reports, series, contract } = record;
  const { scenario } = plan;
  const phases = scenario.load.phases.map((phase, index) => mergePhase(phase, index, record));
  const ledger = reconcile(
    reports.flatMap((report) => report.sends),
    reports.flatMap(({ delivery }) =>
      delivery === undefined
        ? []
        : [{ account: delivery, brokerBacklog: record.backlogs.get(delivery.subscription) }],
    ),
    plan.maxExamples,
  );
  const intervals = series
    .rows()
    .map((row) => ({ ...row, phase: phaseAt(scenario.load.phases, row.second) }));
  const measured = summarize(
    phases.filter((phase) => !phase.spec.warmup),
    scenario.topology.subscriptions.length,
  );
  const unsent = reports.reduce((sum, report) => sum + report.unsent, 0);
  const health = reports.map((report) => report.health);
  const judgement = judge({
    ledger,
    contract: contract.effective,
    ordered: record.ordering,
    redeliveries: record.redeliveries,
    health,
    measured: measuredRows(intervals, scenario.load.phases),
    measuredSeconds: measured.seconds,
    offeredPerSecond: measured.plannedRate,
    scheduleDebtP99Us: measured.latency.scheduleDebt.p99Us,
    clientDebtP99Us: measured.clientDebtP99Us,
    endToEndP99Us: measured.latency.endToEnd.p99Us,
    // what an interruption kept from being sent was not held back by the broker
    unsent: record.interrupted ? 0 : unsent,
    left: record.left,
  });
  const trial: Omit<TrialResult, 'checks'> = {
    scenario: scenario.name,
    target: plan.target,
    driver,
    client: record.client,
    server: { ...record.server, oneHost: record.server.nodes > 1 && (observed.nodesHere ?? 0) > 1 },
    repeat: plan.repeat,
    position: plan.position,
    seed: plan.seed,
    startedAt: record.startedAt,
    contract: { ...contract, settings: { ...contract.settings }, notReadBack: [...contract.notReadBack] },
    ordering: record.ordering,
    interrupted: record.interrupted,
    verdict: record.interrupted ? 'failed' : judgement.verdict,
    warnings: [...(record.interrupted ? ['interrupted before its end'] : []), ...judgement.warnings],
    phases: phases.map((phase) => phase.result),
    measured,
    ledger: structuredClone(ledger) as unknown as TrialResult['ledger'],
    intervals,
    drain: record.drained,
    unsent,
    resources: {
      client: health,
      broker: perMillion(observed.broker, ledger.acknowledged),
      fsync: observed.fsync,
      requests: perMessage(sumOfRequests(reports.map(({ requests }) => requests)), ledger.acknowledged),
    },
    hlog: `${String(plan.position).padStart(3, '0')}-${scenario.name}-${plan.target}-${plan.repeat}.hlog`,
  };
  return {
    ...trial,
    checks: scenario.checks.map((check) => ({
      ...evaluate(check, valueOf(check, trial)),
      unit: unitOf(check),
    })),
  };
}

type Rates = Pick<TrialResult['measured'], 'attemptedRate' | 'acknowledgedRate' | 'deliveredRate'>;

interface MergedPhase {
  readonly spec: Phase;
  readonly record: PhaseRecord;
  readonly happened: Happened;
  readonly result: TrialResult['phases'][number];
}

function mergePhase(
  spec: Phase,
  index: number,
  { plan, reports, series, loadSeconds }: TrialRecord,
): MergedPhase {
  const { load, topology } = plan.scenario;
  const record = new PhaseRecord();
  for (const report of reports) {
    const account = report.phases[index];
    if (account !== undefined) record.add(account);
  }
  const happened = series.happenedIn(index);
  const seconds = Math.min(spec.seconds, Math.max(0, loadSeconds - startOf(index, load.phases)));
  return {
    spec,
    record,
    happened,
    result: {
      name: spec.name,
      warmup: spec.warmup,
      plannedRate: (spec.fromPerSecond + spec.toPerSecond) / 2,
      seconds,
      ...ratesOf(happened, seconds, topology.subscriptions.length),
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
function summarize(phases: readonly MergedPhase[], subscriptions: number): TrialResult['measured'] {
  const record = new PhaseRecord();
  for (const phase of phases) record.add(phase.record.account());
  const seconds = phases.reduce((sum, { result }) => sum + result.seconds, 0);
  const planned = phases.reduce((sum, { spec, result }) => sum + result.plannedRate * spec.seconds, 0);
  return {
    seconds,
    plannedRate: planned / phases.reduce((sum, { spec }) => sum + spec.seconds, 0),
    ...ratesOf(sumOf(phases.map(({ happened }) => happened)), seconds, subscriptions),
    latency: summaries(record),
    clientDebtP99Us: record.clientDebt.quantileUs(0.99),
  };
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

/** The name of the phase in which a second begins, null after the load. */
function phaseAt(phases: readonly Phase[], second: number): string | null {
  let end = 0;
  for (const phase of phases) {
    end += phase.seconds;
    if (second < end) return phase.name;
  }
  return null;
}

function measuredRows(
  intervals: readonly (IntervalRow & { readonly phase: string | null })[],
  phases: readonly Phase[],
): readonly IntervalRow[] {
  const names = new Set(phases.filter((phase) => !phase.warmup).map((phase) => phase.name));
  return intervals.filter((row) => row.phase !== null && names.has(row.phase));
}

/** The value that a check speaks of, in its metric's own unit; null where there is none. */
function valueOf(check: Check, trial: Omit<TrialResult, 'checks'>): number | null {
  const [group = '', field = ''] = check.metric.split('.');
  if (group === 'ledger') return (trial.ledger as unknown as Record<string, number>)[field] ?? null;
  const phase = trial.phases.find((each) => each.name === check.phase);
  if (field === 'rate') {
    const { attemptedRate, acknowledgedRate, deliveredRate } = phase ?? trial.measured;
    const rates: Record<string, number | null> = {
      attempted: attemptedRate,
      acknowledged: acknowledgedRate,
      delivered: deliveredRate,
    };
    return rates[group] ?? null;
  }
  const latencies: Record<string, Record<string, unknown>> = phase?.latency ?? trial.measured.latency;
  const value = latencies[group]?.[`${field}Us`];
  return typeof value === 'number' ? value : null;
}

function unitOf(check: Check): string {
  return metricNamed(check.metric)?.unit ?? '';
}

function perMillion(usage: BrokerUsage | undefined, messages: number): TrialResult['resources']['broker'] {
  if (usage === undefined) return null;
  const scale = messages === 0 ? null : 1e6 / messages;
  return {
    ...usage,
    cpuSecondsPerMillion: scale === null ? null : usage.cpuSeconds * scale,
    diskBytesPerMillion: scale === null ? null : usage.diskBytes * scale,
  };
}

function perMessage(
  counts: RequestCounts | undefined,
  messages: number,
): TrialResult['resources']['requests'] {
  if (counts === undefined) return null;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { total, perMessage: messages === 0 ? null : total / messages, byAction: { ...counts } };
}
