import type { Result, TrialResult } from '../result/index.ts';

/** What was run of a scenario on a target. */
export interface Series {
  readonly scenario: string;
  readonly target: string;
  readonly trials: readonly TrialResult[];
}

/** Each scenario on each target, in the order in which they first come. */
export function seriesOf({ trials }: Result): readonly Series[] {
  const found = new Map<string, TrialResult[]>();
  for (const trial of trials) {
    const key = JSON.stringify([trial.scenario, trial.target]);
    found.set(key, [...(found.get(key) ?? []), trial]);
  }
  return [...found.values()].flatMap((each) => {
    const [first] = each;
    return first === undefined ? [] : [{ scenario: first.scenario, target: first.target, trials: each }];
  });
}
