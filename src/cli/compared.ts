import { join } from 'node:path';
import { isImported, readComparables, type Comparable } from '../result/index.ts';
import { UserError } from '../user-error.ts';

/**
 * What there is at a path, to be compared with something else.
 * @throws UserError (exit code 2) for what is no side of a comparison by itself
 */
export async function readSide(path: string): Promise<readonly Comparable[]> {
  const read = await readComparables(path);
  for (const each of read) {
    if (isImported(each)) continue;
    if (each.trials.some(({ side }) => side !== null))
      throw unfit(path, each, 'mqbench ab, which compares its own sides');
    if (each.capacities.length > 0)
      throw unfit(path, each, 'mqbench capacity, whose trials have a load each');
  }
  const double = [...campaignsBySubject(read)].find(([, campaigns]) => campaigns.length > 1);
  if (double === undefined) return read;
  const [subject, campaigns] = double;
  throw new UserError(`${path} has several campaigns of ${subject}: ${campaigns.join(', ')}`, {
    code: 'compare.several',
    exitCode: 2,
    hint: `name one of them, as ${join(path, campaigns[0] ?? '')}: trials of several are no sample of one thing`,
  });
}

/** @throws UserError (exit code 2) where both sides are one: that it is as good as itself says nothing */
export function refuseSame(baseline: readonly Comparable[], current: readonly Comparable[]): void {
  const same = baseline.find((each) => current.some((other) => keyOf(other) === keyOf(each)));
  if (same === undefined) return;
  throw new UserError(`both sides are ${same.id}`, {
    code: 'compare.same',
    exitCode: 2,
    hint: 'mqbench ab <scenario> --aa measures how much a side differs from itself',
  });
}

/** By scenario and target, the campaigns, or baselines, that have it. */
function campaignsBySubject(read: readonly Comparable[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const each of read) {
    const name = (isImported(each) ? undefined : each.baseline?.name) ?? each.id;
    for (const subject of new Set(each.trials.map(({ scenario, target }) => `${scenario} on ${target}`)))
      found.set(subject, [...(found.get(subject) ?? []), name]);
  }
  return found;
}

/** Folders of other projects may have the same name, and not the same millisecond. */
function keyOf(each: Comparable): string {
  return `${each.id} ${isImported(each) ? each.importedAt : each.startedAt}`;
}

function unfit(path: string, { id }: Comparable, what: string): UserError {
  return new UserError(`${path}: ${id} is of ${what}`, {
    code: 'compare.unfit',
    exitCode: 2,
    hint: 'compare campaigns of mqbench run',
  });
}
