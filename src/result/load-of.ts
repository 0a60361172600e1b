import type { Result } from './schema.ts';

/** Said for a reader, or judged afterwards. */
const NOT_OF_THE_LOAD: ReadonlySet<string> = new Set(['title', 'question', 'lookAt', 'checks']);

/** A scenario of a result as it was resolved, without what changes nothing of its load. */
export function loadOf({ scenarios }: Result, name: string): Readonly<Record<string, unknown>> {
  const told = Object.entries(scenarios.find((scenario) => scenario.name === name) ?? {});
  return Object.fromEntries(told.filter(([key]) => !NOT_OF_THE_LOAD.has(key)));
}
