import type { Driver } from '../drivers/index.ts';
import {
  describeHost,
  ResultStore,
  type CanaryReading,
  type Result,
  type TrialResult,
} from '../result/index.ts';
import {
  planSides,
  planTrials,
  type Scenario,
  type PlannedSides,
  type Target,
  type TrialPlan,
} from '../scenario/index.ts';
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
  /** two to be measured in turns, in place of each scenario on each target */
  readonly sides?: PlannedSides;
  readonly seed: number;
  /** the folder in which the campaign makes its own */
  readonly out: string;
  /** `exact`: a broker that gives more than the contract asks is refused too */
  readonly contracts: 'at least' | 'exact';
  readonly version: string;
  readonly observer: BrokerObserver;
  readonly faults: FaultInjector;
  /** how the machine does work that is no broker's; undefined: nobody asks */
  readonly readCanary?: (directory: string) => Promise<CanaryReading>;
}

/** What a campaign tells while it runs. */
export interface CampaignEvents {
  preflightPassed(target: string, server: Driver['server']): void;
  refused(refusal: Refusal): void;
  trialStarted(plan: TrialPlan, of: number | undefined): void;
  progress(progress: TrialProgress): void;
  trialEnded(trial: TrialResult): void;
  trialFailed(plan: TrialPlan, error: Error): void;
}

export interface CampaignOutcome {
  readonly directory: string;
  readonly result: Result;
  readonly store: ResultStore;
}

/** What trials of one campaign share: targets that were tried, and the folder in which they are written down. */
export class Campaign {
  readonly name: string;
  readonly store: ResultStore;
  readonly refusals: readonly Refusal[];
  readonly #options: CampaignOptions;
  readonly #events: CampaignEvents;
  readonly #fsyncs = new Map<string, FsyncProbe | undefined>();

  private constructor(
    options: CampaignOptions,
    events: CampaignEvents,
    name: string,
    store: ResultStore,
    refusals: readonly Refusal[],
  ) {
    this.#options = options;
    this.#events = events;
    this.name = name;
    this.store = store;
    this.refusals = refusals;
  }

  /**
   * Nothing is measured unless every target can be reached, and can run at least one of the scenarios.
   * @param folder what the campaign's folder is called beside its time
   * @throws UserError (exit code 3)
   */
  static async open(
    options: CampaignOptions,
    folder: string,
    events: CampaignEvents,
    signal: AbortSignal,
  ): Promise<Campaign> {
    const startedAt = new Date();
    const name = campaignName(startedAt, options.seed);
    const refusals = await preflight({ ...options, name }, events, signal);
    for (const refusal of refusals) events.refused(refusal);
    const store = await ResultStore.create(options.out, folder, {
      startedAt: startedAt.toISOString(),
      tool: { version: options.version, node: process.versions.node },
      host: describeHost(),
      seed: options.seed,
      repeats: options.repeats,
      plannedTrials: 0,
      scenarios: options.scenarios.map((scenario) => ({ ...scenario })),
      refusals: refusals.map(({ error, ...where }) => ({ ...where, reason: withHint(error) })),
      capacities: [],
    });
    const before = await canaryOf(options, store);
    if (before !== undefined) await store.addCanary({ before, after: null });
    return new Campaign(options, events, name, store, refusals);
  }

  refuses(target: string, scenario: string): boolean {
    return this.refusals.some((each) => each.target === target && each.scenario === scenario);
  }

  /**
   * Runs a trial and writes it down; one that breaks is written down as such.
   * @param of how many trials there will be; undefined: nobody knows
   * @returns undefined for one that broke
   * @throws the signal's reason where it was interrupted before it had measured anything
   */
  async run(
    plan: TrialPlan,
    of: number | undefined,
    signal: AbortSignal,
    isHopeless?: (progress: TrialProgress) => string | undefined,
  ): Promise<TrialResult | undefined> {
    const target = this.#options.targets.find(({ name }) => name === plan.target);
    if (target === undefined) throw new Error(`no target ${plan.target}`);
    this.#events.trialStarted(plan, of);
    let trial: TrialResult;
    try {
      trial = await this.#measure(plan, target, signal, isHopeless);
    } catch (error) {
      if (error === signal.reason || !(error instanceof Error)) throw error;
      const { scenario, repeat, position } = plan;
      await this.store.addFailure({
        scenario: scenario.name,
        target: target.name,
        repeat,
        position,
        side: plan.side ?? null,
        error: withHint(error),
      });
      this.#events.trialFailed(plan, error);
      return undefined;
    }
    // a disk that is full is no failure of the trial, and ends the campaign
    await this.store.addTrial(trial);
    this.#events.trialEnded(trial);
    return trial;
  }

  async end(signal: AbortSignal): Promise<CampaignOutcome> {
    const before = this.store.result.canary?.before;
    const after = signal.aborted ? undefined : await canaryOf(this.#options, this.store);
    if (before !== undefined && after !== undefined) await this.store.addCanary({ before, after });
    await this.store.end(new Date().toISOString(), signal.aborted ? 'interrupted' : 'complete');
    return { directory: this.store.directory, result: this.store.result, store: this.store };
  }

  async #measure(
    plan: TrialPlan,
    target: Target,
    signal: AbortSignal,
    isHopeless: ((progress: TrialProgress) => string | undefined) | undefined,
  ): Promise<TrialResult> {
    const { observer, faults } = this.#options;
    if (!this.#fsyncs.has(target.name)) this.#fsyncs.set(target.name, await observer.probeFsync(target.name));
    const stopWatching = await observer.watch(target.name);
    // before the topic is deleted, with what was written to the disk for it
    let broker: BrokerUsage | undefined;
    const follower: TrialFollower = {
      progress: (progress) => {
        this.#events.progress(progress);
        return isHopeless?.(progress);
      },
      beforeCleanup: async () => {
        broker = await stopWatching();
      },
    };
    const record = await runTrial(plan, target, localEngine, follower, faults, signal);
    return judgeTrial(record, target.driver, {
      broker,
      nodesHere: observer.nodesHere(target.name),
      fsync: this.#fsyncs.get(target.name) ?? null,
    });
  }
}

/**
 * Runs every scenario on every target, interleaved and repeated, and writes each trial down as it ends.
 * A trial that breaks is written down as such, and the campaign goes on.
 * @throws UserError (exit code 3) before the first trial
 */
export async function runCampaign(
  options: CampaignOptions,
  events: CampaignEvents,
  signal: AbortSignal,
): Promise<CampaignOutcome> {
  const [only] = options.scenarios.length === 1 ? options.scenarios : [];
  const folder = options.sides === undefined ? (only?.name ?? 'campaign') : 'ab';
  const campaign = await Campaign.open(options, folder, events, signal);
  const { name } = campaign;
  const plans =
    options.sides === undefined
      ? planTrials({
          ...options,
          name,
          targets: options.targets.map((target) => target.name),
          refuses: (target, scenario) => campaign.refuses(target, scenario),
        })
      : planSides({ ...options, name }, options.sides);
  await campaign.store.plan(plans.length);
  try {
    for (const plan of plans) {
      if (signal.aborted) break;
      await campaign.run(plan, plans.length, signal);
    }
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
  }
  return campaign.end(signal);
}

/** undefined where nobody asks, or the folder cannot be written to, which the store will tell. */
async function canaryOf(
  { readCanary }: CampaignOptions,
  { directory }: ResultStore,
): Promise<CanaryReading | undefined> {
  return readCanary?.(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === undefined) throw error;
    return undefined;
  });
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
