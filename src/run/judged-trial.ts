import {
  evaluate,
  judge,
  reconcile,
  recoveriesOf,
  sumOfRequests,
  type RequestCounts,
} from '../measure/index.ts';
import { metricValue, type TrialResult } from '../result/index.ts';
import { type Check, type Disturbance, disturbancesOf, metricNamed, phaseAt } from '../scenario/index.ts';
import { brokenReplay, eventSourcingOf } from './judged-event-sourcing.ts';
import { deadLetterResult, deadLettersOf } from './judged-dead-letters.ts';
import { sagaOf } from './judged-saga.ts';
import { schemaEvolutionOf } from './judged-schema-evolution.ts';
import { bySubscription, mergePhase, summarize } from './merged-phase.ts';
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
  const rows = series.rows();
  const phases = scenario.load.phases.map((phase, index) => mergePhase(phase, index, record, rows));
  const unknown = record.left === undefined ? undefined : 'gone';
  const ledger = reconcile(
    reports.flatMap((report) => report.sends),
    reports.flatMap(({ delivery }) =>
      delivery === undefined
        ? []
        : [{ account: delivery, brokerBacklog: record.backlogs.get(delivery.subscription) ?? unknown }],
    ),
    plan.maxExamples,
  );
  const intervals = rows.map((row) => ({
    ...row,
    phase: phaseAt(scenario.load.phases, row.second)?.name ?? null,
  }));
  const measuredPhases = phases.filter((phase) => !phase.spec.warmup);
  const subscriptions = scenario.topology.subscriptions.length;
  const disturbances = disturbancesOf(scenario, record.faults);
  const measured = {
    ...summarize(measuredPhases, subscriptions),
    subscriptions: subscriptions === 1 ? [] : bySubscription(record),
  };
  const unsent = reports.reduce((sum, report) => sum + report.unsent, 0);
  const health = reports.map((report) => report.health);
  const deadLetters = deadLettersOf(record);
  const saga = sagaOf(record);
  const eventSourcing = eventSourcingOf(record);
  const judgement = judge({
    ledger,
    deadLetters,
    broken: [...brokenInvariants(saga, record.drained.complete), ...brokenReplay(eventSourcing, record)],
    unfinished: typeof record.replay === 'string' ? `the log could not be read: ${record.replay}` : undefined,
    contract: contract.effective,
    ordered: record.ordering,
    redeliveries: record.redeliveries,
    health,
    phases: measuredPhases.map(({ spec, rows: inside }) => ({
      ...spec,
      rows: inside.filter(({ second }) => !isDisturbed(second, disturbances)),
    })),
    faults: scenario.faults.length > 0 ? 'asked for' : 'none',
    measuredSeconds: measured.seconds,
    scheduleDebtP99Us: measured.latency.scheduleDebt.p99Us,
    clientDebtP99Us: measured.clientDebtP99Us,
    endToEndP99Us: measured.latency.endToEnd.p99Us,
    // what an interruption kept from being sent was not held back by the broker
    unsent: record.interrupted ? 0 : unsent,
    hopeless: record.hopeless,
    left: record.left,
  });
  const trial: Omit<TrialResult, 'checks'> = {
    scenario: scenario.name,
    target: plan.target,
    driver,
    client: record.client,
    server: { ...record.server, oneHost: record.server.nodes > 1 && (observed.nodesHere ?? 0) > 1 },
    side: plan.side ?? null,
    repeat: plan.repeat,
    position: plan.position,
    seed: plan.seed,
    startedAt: record.startedAt,
    contract: { ...contract, settings: { ...contract.settings }, notReadBack: [...contract.notReadBack] },
    ordering: record.ordering,
    faults: [...record.faults],
    interrupted: record.interrupted,
    verdict: record.interrupted ? 'failed' : judgement.verdict,
    warnings: [...(record.interrupted ? ['interrupted before its end'] : []), ...judgement.warnings],
    phases: phases.map((phase) => phase.result),
    measured,
    recoveries: record.interrupted
      ? []
      : [...recoveriesOf(rows, { phases: scenario.load.phases, disturbances, subscriptions })],
    ledger: {
      ...(structuredClone(ledger) as unknown as TrialResult['ledger']),
      deadLettered: deadLetters?.found ?? 0,
    },
    deadLetters: deadLetterResult(deadLetters, record.retriedBy),
    saga,
    schemaEvolution: schemaEvolutionOf(record),
    eventSourcing,
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
      ...evaluate(check, metricValue(check, trial)),
      unit: unitOf(check),
    })),
  };
}

/** What does not hold of the orders; of those that are still under way nothing can be said. */
function brokenInvariants(saga: TrialResult['saga'], isDrained: boolean): readonly string[] {
  if (saga === null || !isDrained) return [];
  return saga.invariants
    .filter(({ violations }) => violations > 0)
    .map(({ name, violations, examples }) => {
      const more = violations > 1 ? `, and ${violations - 1} more` : '';
      return `broken: ${name} (${examples[0] ?? ''}${more})`;
    });
}

/** Whether something was done on purpose in this second: what piles up then is not laid to the broker. */
function isDisturbed(second: number, disturbances: readonly Disturbance[]): boolean {
  return disturbances.some(({ fromSeconds, toSeconds }) => second + 1 > fromSeconds && second < toSeconds);
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
