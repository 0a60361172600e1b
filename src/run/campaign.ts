import type { Driver } from '../drivers/index.ts';
import { describeHost, ResultStore, type Result, type TrialResult } from '../result/index.ts';
import { planTrials, type Scenario, type Target, type TrialPlan } from '../scenario/index.ts';
import { UserError } from '../user-error.ts';
import type { FaultInjector } from './faults.ts';
import { judgeTrial } from './judged-trial.ts';
import type { BrokerObserver, BrokerUsage, FsyncProbe } from './observer.ts';
import { preflight, type Refusal } from './preflight.ts';
import { localEngine } from './local-engine.ts';
import { runTrial, type TrialFollower, type TrialProgress } from './trial.ts';

export interface CampaignOptions {
  readonly scenarios: readonly Scenario[];
  readonly targets: readonly Target[];
  readonly repeats: number;
  readonly seed: number;
  /** the folder in which the campaign makes its own */
  readonly out: string;
  /** `exact`: a broker that gives more than the contract asks is refused too */
  readonly contracts: 'at least' | 'exact';
  readonly version: string;
  readonly observer: BrokerObserver;
  readonly faults: FaultInjector;
}

/** What a campaign tells while it runs. */
export interface CampaignEvents {
  preflightPassed(target: string, server: Driver['server']): void;
  refused(refusal: Refusal): void;
  trialStarted(plan: TrialPlan, of: number): void;
  progress(progress: TrialProgress): void;
  trialEnded(trial: TrialResult): void;
  trialFailed(plan: TrialPlan, error: Error): void;
}

export interface CampaignOutcome {
  readonly directory: string;
  readonly result: Result;
  readonly store: ResultStore;
}

/**
 * Runs every scenario on every target, interleaved and repeated, and writes each trial down as it ends.
 * Nothing is measured unless every target can be reached and gives the contract that is asked for.
 * A trial that breaks is written down as such, and the campaign goes on.
 * @throws UserError (exit code 3) before the first trial
 */
export async function runCampaign(
  options: CampaignOptions,
  events: CampaignEvents,
  signal: AbortSignal,
): Promise<CampaignOutcome> {
  const startedAt = new Date();
  const name = campaignName(startedAt, options.seed);
  const targets = new Map(options.targets.map((target) => [target.name, target]));
  const refusals = await preflight({ ...options, name }, events, signal);
  for (const refusal of refusals) events.refused(refusal);
  const plans = planTrials({
    ...options,
    name,
    targets: [...targets.keys()],
    refuses: (target, scenario) =>
      refusals.some((each) => each.target === target && each.scenario === scenario),
  });
  const [only] = options.scenarios.length === 1 ? options.scenarios : [];
  const store = await ResultStore.create(options.out, only?.name ?? 'campaign', {
    startedAt: startedAt.toISOString(),
    tool: { version: options.version, node: process.versions.node },
    host: describeHost(),
    seed: options.seed,
    repeats: options.repeats,
    plannedTrials: plans.length,
    scenarios: options.scenarios.map((scenario) => ({ ...scenario })),
    refusals: refusals.map(({ error, ...where }) => ({ ...where, reason: withHint(error) })),
  });
  const fsyncs = new Map<string, FsyncProbe | undefined>();
  for (const target of targets.keys()) fsyncs.set(target, await options.observer.probeFsync(target));

  for (const plan of plans) {
    if (signal.aborted) break;
    const target = targets.get(plan.target);
    if (target === undefined) throw new Error(`no target ${plan.target}`);
    events.trialStarted(plan, plans.length);
    let trial: TrialResult;
    try {
      const stopWatching = await options.observer.watch(target.name);
      // before the topic is deleted, with what was written to the disk for it
      let broker: BrokerUsage | undefined;
      const follower: TrialFollower = {
        progress: (progress) => events.progress(progress),
        beforeCleanup: async () => {
          broker = await stopWatching();
        },
      };
      const record = await runTrial(plan, target, localEngine, follower, options.faults, signal);
      trial = judgeTrial(record, target.driver, {
        broker,
        nodesHere: options.observer.nodesHere(target.name),
        fsync: fsyncs.get(target.name) ?? null,
      });
    } catch (error) {
      if (error === signal.reason) break;
      if (!(error instanceof Error)) throw error;
      const { scenario, repeat, position } = plan;
      await store.addFailure({
        scenario: scenario.name,
        target: target.name,
        repeat,
        position,
        error: withHint(error),
      });
      events.trialFailed(plan, error);
      continue;
    }
    // a disk that is full is no failure of the trial, and ends the campaign
    await store.addTrial(trial);
    events.trialEnded(trial);
  }
  await store.end(new Date().toISOString(), signal.aborted ? 'interrupted' : 'complete');
  return { directory: store.directory, result: store.result, store };
}

/** A result has one line for it. */
function withHint(error: Error): string {
  const hint = error instanceof UserError ? error.hint : undefined;
  return hint === undefined ? error.message : `${error.message}; ${hint.replaceAll('\n', '; ')}`;
}

/** Unlike any other campaign's: the time to the millisecond and the process. */
function campaignName(startedAt: Date, seed: number): string {
  return [startedAt.getTime(), process.pid, seed].map((part) => part.toString(36)).join('-');
}
