import type { Policy } from '../compare/index.ts';
import { UserError } from '../user-error.ts';
import { didYouMean } from '../yaml/index.ts';
import { BUILT_IN_NAMES, loadScenarios, type ResolvedWorkspace } from './sources.ts';

/** What was run, or is about to be. */
export interface Subject {
  readonly scenario: string;
  readonly target: string;
}

/**
 * A gate on what is misspelt would stand open for ever.
 * @param subjects whose names are known too, whoever measured them
 * @throws UserError (exit code 2) for a scenario or target that neither the project nor a subject has
 */
export async function requireKnownNames(
  { gates }: Policy,
  { configured }: ResolvedWorkspace,
  subjects: readonly Subject[],
): Promise<void> {
  const targets = new Set([...BUILT_IN_NAMES, ...configured, ...subjects.map(({ target }) => target)]);
  const scenarios = new Set(subjects.map(({ scenario }) => scenario));
  for (const { metric, ...gate } of gates) {
    for (const target of gate.targets ?? [])
      if (!targets.has(target)) throw unknownName('target', target, metric, [...targets]);
    for (const scenario of gate.scenarios ?? [])
      if (!scenarios.has(scenario) && !(await isScenario(scenario)))
        throw unknownName('scenario', scenario, metric, [...scenarios]);
  }
}

async function isScenario(name: string): Promise<boolean> {
  return loadScenarios([name]).then(
    () => true,
    (error: unknown) => {
      if (error instanceof UserError && error.code === 'scenario.unknown') return false;
      throw error;
    },
  );
}

function unknownName(
  noun: 'scenario' | 'target',
  name: string,
  metric: string,
  known: readonly string[],
): UserError {
  const meant = didYouMean(name, known);
  return new UserError(`a gate on ${metric} is about the ${noun} "${name}", which there is not${meant}`, {
    code: 'policy.unknown-name',
    exitCode: 2,
    hint: `see mqbench list ${noun}s`,
  });
}
