import { nowNs } from '../clock/index.ts';
import {
  type AnyDriver,
  type Capabilities,
  type Driver,
  driverNamed,
  type EffectiveContract,
} from '../drivers/index.ts';
import { IntervalSeries } from '../measure/index.ts';
import { dueOf, paceOf, type Target, type TrialPlan } from '../scenario/index.ts';
import { workloadNamed, type Role } from '../workloads/index.ts';
import { readBacklogs, readDeadLetterBacklogs, total } from './backlogs.ts';
import { Crew } from './crew.ts';
import { drain, type Drained } from './drain.ts';
import { aborted, loadOrGiveUp } from './end-of-load.ts';
import { FaultSchedule, type FaultInjector, type FaultTimes } from './faults.ts';
import type { AgentReport, Assignment } from './protocol.ts';
import type { Engine } from './engine.ts';
import { replayed, type Replayed } from './replayed.ts';
import { deletingTopology } from './deleting-topology.ts';
import { INTERRUPTED_DRAIN_SECONDS, START_DELAY_NS } from './patience.ts';

/** How often progress is told. */
const TICK_MS = 250;
/** What a trial shows while it runs. */
export interface TrialProgress {
  readonly plan: TrialPlan;
  readonly seconds: number;
  readonly series: IntervalSeries;
  readonly stage: 'load' | 'drain' | 'close' | 'replay';
}

/** Who follows a trial. */
export interface TrialFollower {
  /** @returns why there is no point in going on: the load is given up then; undefined to go on */
  progress(progress: TrialProgress): string | undefined;
  /** all is measured, and the topic still exists */
  beforeCleanup?(topic: string): Promise<void>;
}

/** Everything measured in one trial, before it is judged. */
export interface TrialRecord {
  readonly plan: TrialPlan;
  readonly startedAt: string;
  /** when the load began, on the host's monotonic clock */
  readonly startNs: number;
  readonly server: Driver['server'];
  readonly client: Driver['client'];
  readonly ordering: 'per key' | 'not at all';
  readonly redeliveries: 'marked' | 'unmarked';
  /** who waits between attempts, and who moves a message to the dead letters */
  readonly retriedBy: Pick<Capabilities, 'retryDelay' | 'deadLetters'>;
  readonly contract: EffectiveContract;
  readonly reports: readonly AgentReport[];
  readonly series: IntervalSeries;
  readonly drained: Drained;
  /** by subscription: what the broker held in the end */
  readonly backlogs: ReadonlyMap<string, number | undefined>;
  /** by subscription: what the broker held of its dead letters in the end; empty for a workload without any */
  readonly deadLetterBacklogs: ReadonlyMap<string, number | undefined>;
  readonly interrupted: boolean;
  /** why what it had created could not be deleted, undefined where it was: the broker is gone, most likely */
  readonly left: string | undefined;
  readonly faults: readonly FaultTimes[];
  readonly replay: Replayed;
  /** why its follower had the load given up; undefined where it did not */
  readonly hopeless: string | undefined;
  /** how long messages were sent as planned: to the end of the last phase, or to the interruption */
  readonly loadSeconds: number;
}

/**
 * Runs one scenario on one target on fresh topics, and deletes them however it ends.
 * The signal ends the load early: what was measured until then is still returned.
 */
export async function runTrial(
  plan: TrialPlan,
  target: Target,
  engine: Engine,
  follower: TrialFollower,
  faults: FaultInjector,
  signal: AbortSignal,
): Promise<TrialRecord> {
  const module = requireDriver(target);
  // not the caller's signal: an interrupted trial still needs its connection to delete its topics
  const life = new AbortController();
  await using driver = await module.connect(target.config, life.signal);
  const workload = workloadNamed(plan.scenario.workload);
  let left: string | undefined;
  const work = async (): Promise<Omit<TrialRecord, 'left'>> => {
    const contract = await driver.createTopology(
      { topics: workload.topics(plan.scenario, plan.topic) },
      plan.scenario.contract,
    );
    signal.throwIfAborted();
    const measured = await measure(plan, target, engine, driver, follower, faults, signal);
    // before the log is read again, which is no part of what the load cost
    await follower.beforeCleanup?.(plan.topic);
    const tell = (): void => {
      const seconds = (nowNs() - measured.startNs) / 1e9;
      follower.progress({ plan, seconds, series: measured.series, stage: 'replay' });
    };
    const replay = await replayed(plan, driver, tell, signal);
    const capabilities = module.capabilities(target.config);
    return {
      ...measured,
      replay,
      plan,
      server: driver.server,
      client: driver.client,
      ordering: capabilities.ordering === 'none' ? 'not at all' : 'per key',
      redeliveries: capabilities.marksRedeliveries ? 'marked' : 'unmarked',
      retriedBy: { retryDelay: capabilities.retryDelay, deadLetters: capabilities.deadLetters },
      contract,
    };
  };
  // what was measured is worth more than an orderly end
  const record = await deletingTopology(driver, work, (error) => {
    left = error instanceof Error ? error.message : String(error);
  });
  life.abort();
  return { ...record, left };
}

type Measured = Pick<
  TrialRecord,
  | 'startedAt'
  | 'startNs'
  | 'reports'
  | 'series'
  | 'drained'
  | 'backlogs'
  | 'deadLetterBacklogs'
  | 'interrupted'
  | 'loadSeconds'
  | 'faults'
  | 'hopeless'
>;

async function measure(
  plan: TrialPlan,
  target: Target,
  engine: Engine,
  driver: Driver,
  follower: TrialFollower,
  injector: FaultInjector,
  signal: AbortSignal,
): Promise<Measured> {
  const { topology, drain: drainSpec } = plan.scenario;
  const due = dueOf(plan);
  const series = new IntervalSeries(topology.subscriptions.length, (second) => due.before(second));
  await using faults = await injector.prepare(target, plan.scenario.faults);
  await using crew = new Crew(engine, assign(plan, faults.target), (intervals) => {
    for (const interval of intervals) series.add(interval);
  });
  await Promise.race([crew.ready(), aborted(signal)]);
  signal.throwIfAborted();

  const startNs = nowNs() + START_DELAY_NS;
  const startedAt = new Date(Date.now() + START_DELAY_NS / 1e6).toISOString();
  let stage: TrialProgress['stage'] = 'load';
  const givenUp = new AbortController();
  let hopeless: string | undefined;
  const ticker = setInterval(() => {
    const seconds = (nowNs() - startNs) / 1e9;
    const why = follower.progress({ plan, seconds, series, stage });
    if (why === undefined || stage !== 'load') return;
    hopeless ??= why;
    givenUp.abort();
  }, TICK_MS);
  try {
    crew.order({ type: 'start', startNs });
    await using schedule = new FaultSchedule(plan.scenario.faults, startNs, (fault) =>
      fault.kind === 'crash-consumers' ? crew.crash(startNs) : faults.begin(fault),
    );
    const end = AbortSignal.any([signal, givenUp.signal]);
    const givenUpNs = await Promise.race([loadOrGiveUp(plan, crew, end), schedule.failure]);
    await schedule.over();
    const loadSeconds = Math.max(0, Math.min(paceOf(plan.scenario).seconds, (givenUpNs - startNs) / 1e9));
    due.end(loadSeconds);
    stage = 'drain';
    const brokerBacklog = async (): Promise<number | undefined> =>
      total([...(await readBacklogs(driver, plan)).values()]);
    const spec = end.aborted ? { quietSeconds: 0, timeoutSeconds: INTERRUPTED_DRAIN_SECONDS } : drainSpec;
    // an interrupted drain still waits a little: the signal that interrupted it must not end it at once
    const drainSignal = signal.aborted ? new AbortController().signal : signal;
    const drained = await drain(spec, () => crew, brokerBacklog, drainSignal);
    stage = 'close';
    // what is under way may still be stored while its producer closes: the broker is asked when all of it has ended
    const reports = await crew.finish();
    const backlogs = await readBacklogs(driver, plan);
    const deadLetterBacklogs = await readDeadLetterBacklogs(driver, plan);
    return {
      startedAt,
      startNs,
      reports,
      series,
      drained,
      backlogs,
      deadLetterBacklogs,
      interrupted: signal.aborted,
      loadSeconds,
      faults: schedule.times,
      hopeless,
    };
  } finally {
    clearInterval(ticker);
  }
}

function assign(plan: TrialPlan, target: Target): readonly Assignment[] {
  return workloadNamed(plan.scenario.workload)
    .roles(plan.scenario)
    .map((role) => ({
      agent: agentName(role),
      role,
      plan,
      target,
      mortal:
        role.kind === 'consumers' && plan.scenario.faults.some(({ kind }) => kind === 'crash-consumers'),
      before: undefined,
    }));
}

/** As warnings call it: `producers`, `consumers of fulfilment`. */
function agentName(role: Role): string {
  if (role.kind === 'participant') return `service ${role.participant}`;
  return role.kind === 'producers' ? role.kind : `${role.kind} of ${role.subscription}`;
}

function requireDriver(target: Target): AnyDriver {
  const module = driverNamed(target.driver);
  if (module === undefined)
    throw new Error(`target ${target.name} names a driver that does not exist: ${target.driver}`);
  return module;
}
