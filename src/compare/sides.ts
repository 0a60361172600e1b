import type { Campaign, Trial } from './campaign.ts';

/** What was run of a scenario on a target, on one side. */
export interface Sample {
  readonly scenario: string;
  readonly target: string;
  readonly trials: readonly Trial[];
  /** why trials did not run to their end, a line each */
  readonly failures: readonly string[];
  /** why it cannot be run there, a line each */
  readonly refused: readonly string[];
  /** those that it is from */
  readonly campaigns: readonly Campaign[];
}

/** A sample that is still being put together. */
interface Gathered extends Sample {
  readonly trials: Trial[];
  readonly failures: string[];
  readonly refused: string[];
  readonly campaigns: Campaign[];
}

/** By scenario and target, each once, in the order in which they first come. */
export function samplesOf(campaigns: readonly Campaign[]): ReadonlyMap<string, Sample> {
  const found = new Map<string, Gathered>();
  const at = (scenario: string, target: string, campaign: Campaign): Gathered => {
    const key = keyOf(scenario, target);
    const sample = found.get(key) ?? {
      scenario,
      target,
      trials: [],
      failures: [],
      refused: [],
      campaigns: [],
    };
    found.set(key, sample);
    if (!sample.campaigns.includes(campaign)) sample.campaigns.push(campaign);
    return sample;
  };
  for (const campaign of campaigns) {
    for (const trial of campaign.trials) at(trial.scenario, trial.target, campaign).trials.push(trial);
    for (const { scenario, target, message } of campaign.failures)
      at(scenario, target, campaign).failures.push(message);
    for (const { scenario, target, message } of campaign.refusals)
      at(scenario, target, campaign).refused.push(message);
  }
  return found;
}

function keyOf(scenario: string, target: string): string {
  return JSON.stringify([scenario, target]);
}

/** Of `kafka@a → kafka@b`, which `mqbench ab` measured: what each side is by itself. */
export function partsOf(name: string): readonly string[] {
  return name.split(' → ').map((part) => part.replace(/@[ab]$/, ''));
}
