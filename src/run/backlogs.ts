import { deadLettersOf, type Driver } from '../drivers/index.ts';
import type { TrialPlan } from '../scenario/index.ts';
import { workloadNamed } from '../workloads/index.ts';

/** By subscription: what lies on the broker on its way there. */
export async function readBacklogs(
  driver: Driver,
  { scenario, topic }: TrialPlan,
): Promise<ReadonlyMap<string, number | undefined>> {
  const places = workloadNamed(scenario.workload).places(scenario, topic);
  const backlogs = new Map<string, number | undefined>();
  for (const [index, name] of scenario.topology.subscriptions.entries()) {
    backlogs.set(name, total(await inTurn(places[index] ?? [], (place) => driver.backlog(place))));
  }
  return backlogs;
}

/** By subscription: what lies in its dead letters; empty for a workload without any. */
export async function readDeadLetterBacklogs(
  driver: Driver,
  { scenario, topic }: TrialPlan,
): Promise<ReadonlyMap<string, number | undefined>> {
  const names = scenario.deadLetters === undefined ? [] : scenario.topology.subscriptions;
  const backlogs = await inTurn(names, (name) => driver.backlog(deadLettersOf({ topic, name })));
  return new Map(names.map((name, index) => [name, backlogs[index]]));
}

async function inTurn<T, U>(items: readonly T[], act: (item: T) => Promise<U>): Promise<readonly U[]> {
  const results: U[] = [];
  for (const item of items) results.push(await act(item));
  return results;
}

/** undefined as soon as one of them is */
export function total(backlogs: readonly (number | undefined)[]): number | undefined {
  return backlogs.reduce<number | undefined>(
    (sum, backlog) => (sum === undefined || backlog === undefined ? undefined : sum + backlog),
    0,
  );
}
