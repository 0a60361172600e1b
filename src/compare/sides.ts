import type { Result, TrialResult } from '../result/index.ts';

/** What was run of a scenario on a target, on one side. */
export interface Sample {
  readonly scenario: string;
  readonly target: string;
  readonly trials: readonly TrialResult[];
  /** why trials did not run to their end, a line each */
  readonly failures: readonly string[];
  /** those that it is from */
  readonly results: readonly Result[];
}

/** A sample that is still being put together. */
interface Gathered extends Sample {
  readonly trials: TrialResult[];
  readonly failures: string[];
  readonly results: Result[];
}

/** By scenario and target, each once, in the order in which they first come. */
export function samplesOf(results: readonly Result[]): ReadonlyMap<string, Sample> {
  const found = new Map<string, Gathered>();
  const at = (scenario: string, target: string, result: Result): Gathered => {
    const key = keyOf(scenario, target);
    const sample = found.get(key) ?? { scenario, target, trials: [], failures: [], results: [] };
    found.set(key, sample);
    if (!sample.results.includes(result)) sample.results.push(result);
    return sample;
  };
  for (const result of results) {
    for (const trial of result.trials) at(trial.scenario, trial.target, result).trials.push(trial);
    for (const { scenario, target, error } of result.failures)
      at(scenario, target, result).failures.push(error);
    for (const { scenario, target, reason } of result.refusals)
      at(scenario, target, result).failures.push(`refused: ${reason}`);
  }
  return found;
}

function keyOf(scenario: string, target: string): string {
  return JSON.stringify([scenario, target]);
}
