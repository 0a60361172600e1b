import { BUSY_UTILIZATION, GROWING_SHARE } from '../measure/index.ts';
import type { CapacityResult, TrialResult } from '../result/index.ts';
import { Campaign, type CampaignEvents, type CampaignOptions, type CampaignOutcome } from '../run/index.ts';
import { type Check, peakRate, planTrial, scaled, type Scenario } from '../scenario/index.ts';
import { UserError } from '../user-error.ts';
import { isHopeless } from './hopeless.ts';
import { searchCapacity, type Fit, type SearchOptions } from './search.ts';

export interface CapacityOptions extends Omit<CampaignOptions, 'scenarios'> {
  readonly scenario: Scenario;
  /** what has to hold of a trial for its rate to fit, beside its being `sustained` */
  readonly objectives: readonly Check[];
  readonly search: Omit<SearchOptions, 'startPerSecond' | 'repeats'>;
}

/**
 * Looks for the highest rate of each target that meets the objectives, one target after the other. All trials are in
 * the result, and beside them what they come to.
 * @throws UserError (exit code 3) before the first trial, or where a trial breaks
 */
export async function measureCapacity(
  options: CapacityOptions,
  events: CampaignEvents,
  signal: AbortSignal,
): Promise<CampaignOutcome> {
  const { objectives } = options;
  const scenario: Scenario = { ...options.scenario, checks: objectives };
  const leastPerSecond = Math.max(options.search.leastPerSecond, leastTelling(scenario));
  if (leastPerSecond > options.search.mostPerSecond) throw tooFew(scenario, leastPerSecond);
  const campaign = await Campaign.open(
    { ...options, scenarios: [scenario] },
    `capacity-${scenario.name}`,
    events,
    signal,
  );
  let position = 0;
  try {
    for (const { name } of options.targets) {
      if (campaign.refuses(name, scenario.name)) continue;
      const trials: { readonly perSecond: number; readonly trial: TrialResult }[] = [];
      const probe = async (perSecond: number): Promise<Fit> => {
        signal.throwIfAborted();
        const plan = planTrial(
          { name: campaign.name, seed: options.seed },
          {
            scenario: atRate(scenario, perSecond),
            target: name,
            // each trial draws its own arrivals: the same would be lucky or not time and again
            repeat: ++position,
            position,
          },
        );
        const trial = await campaign.run(plan, undefined, signal, isHopeless);
        if (trial === undefined) throw broken(name);
        signal.throwIfAborted();
        trials.push({ perSecond, trial });
        return fitOf(trial);
      };
      const found = await searchCapacity(probe, {
        ...options.search,
        leastPerSecond,
        startPerSecond: peakRate(scenario),
        repeats: options.repeats,
      });
      await campaign.store.addCapacity({
        ...found,
        tooMuchPerSecond: found.tooMuchPerSecond ?? null,
        scenario: scenario.name,
        target: name,
        objectives: objectives.map(({ text }) => text),
        curve: curveOf(trials),
      });
    }
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
  }
  await campaign.store.plan(position);
  return campaign.end(signal);
}

/** Samples of which ten lie beyond the percentile, and a fifth more: Poisson arrivals may be fewer than planned. */
const SAMPLES: Readonly<Record<string, number>> = {
  p50: 24,
  p90: 120,
  p99: 1_200,
  p999: 12_000,
  p9999: 120_000,
};

/** The least rate at which the objectives can be told at all, in the time that the scenario measures. */
function leastTelling({ checks, load }: Scenario): number {
  return Math.max(
    0,
    ...checks.map(({ metric, phase }) => {
      const samples = SAMPLES[metric.split('.')[1] ?? ''] ?? 0;
      const seconds = load.phases
        .filter(({ name, warmup }) => (phase === undefined ? !warmup : name === phase))
        .reduce((sum, each) => sum + each.seconds, 0);
      return samples / seconds;
    }),
  );
}

function tooFew({ name, checks }: Scenario, perSecond: number): UserError {
  return new UserError(
    `${name} measures too few messages below ${Math.ceil(perSecond)}/s to tell ${checks.map(({ text }) => text).join(', ')}`,
    {
      code: 'capacity.too-few-samples',
      exitCode: 2,
      hint: 'make its measured phases longer, raise --to, or ask for a lower percentile',
    },
  );
}

/** Named after its rate, since results are told apart by the names of their scenarios. */
function atRate(scenario: Scenario, perSecond: number): Scenario {
  const name = `${scenario.name}-${Math.round(perSecond)}`;
  return { ...scaled(scenario, perSecond / peakRate(scenario)), name };
}

/** @throws UserError where a check could not be told, which is no answer */
function fitOf(trial: TrialResult): Fit {
  const untold = trial.checks.find(({ value }) => value === null);
  if (isCarried(trial) && untold !== undefined) {
    throw new UserError(`${trial.scenario} on ${trial.target}: too few samples to tell ${untold.check}`, {
      code: 'capacity.too-few-samples',
      exitCode: 4,
      hint: 'make its measured phases longer, or ask for a lower percentile',
    });
  }
  const passed = trial.checks.every((check) => check.passed);
  if (passed && isCarried(trial)) return 'fits';
  const busy = trial.resources.client.some(
    ({ eventLoopUtilization }) => eventLoopUtilization > BUSY_UTILIZATION,
  );
  return trial.verdict === 'client-limited' || (trial.verdict === 'sustained' && busy)
    ? 'too much for mqbench'
    : 'too much';
}

/**
 * Sustained; or with sends that were late by our own fault, which is in the latencies: a rate that meets its objective
 * with it meets it without.
 */
function isCarried({ verdict, unsent, ledger, measured }: TrialResult): boolean {
  if (verdict !== 'client-limited') return verdict === 'sustained';
  const grew = (measured.backlogSlope ?? 0) > GROWING_SHARE * measured.plannedRate;
  return unsent === 0 && ledger.backlog === 0 && !grew;
}

function curveOf(
  trials: readonly { readonly perSecond: number; readonly trial: TrialResult }[],
): CapacityResult['curve'] {
  return trials
    .map(({ perSecond, trial }) => ({
      position: trial.position,
      plannedRate: perSecond,
      deliveredRate: trial.measured.deliveredRate,
      verdict: trial.verdict,
      fits: fitOf(trial) === 'fits',
      p50Us: trial.measured.latency.endToEnd.p50Us,
      p99Us: trial.measured.latency.endToEnd.p99Us,
      p999Us: trial.measured.latency.endToEnd.p999Us,
    }))
    .toSorted((a, b) => a.plannedRate - b.plannedRate || a.position - b.position);
}

function broken(target: string): UserError {
  return new UserError(`a trial on ${target} broke, so that its capacity cannot be told`, {
    code: 'capacity.broken',
    exitCode: 3,
    hint: 'result.json has the reason',
  });
}
