import { type Problem, problemAt, quote, type Section, valueAt, ValueError } from '../yaml/index.ts';
import { parseCheck, type CheckNames } from './check.ts';
import { eventRules } from './event-rules.ts';
import { entries, subscriptionsOf } from './plain-scenario.ts';
import { workloadRules } from './workload-rules.ts';

/**
 * What must hold between the parts of a scenario. It looks at the plain data and passes over what the schema
 * refuses, so that all problems of a file are reported at once.
 */
export function scenarioRules(section: Section): Problem[] {
  return [
    ...twice(section, ['load', 'phases'], 'name', 'phase'),
    ...twice(section, ['topology', 'subscriptions'], undefined, 'subscription'),
    ...measured(section),
    ...keySettings(section),
    ...checkedNames(section),
    ...eventRules(section),
    ...workloadRules(section),
  ];
}

/** Entries of a list that have the name of an earlier one. */
function twice(section: Section, list: readonly string[], key: string | undefined, noun: string): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, number>();
  for (const [index, entry] of entries(section, list).entries()) {
    const name = key === undefined ? entry : valueAt(entry, [key]);
    if (typeof name !== 'string') continue;
    const path = key === undefined ? [...list, index] : [...list, index, key];
    const first = seen.get(name);
    if (first === undefined) seen.set(name, index);
    else
      problems.push(
        problemAt(section, path, 'duplicate-name', repeated(section, noun, name, [...list, first])),
      );
  }
  return problems;
}

function repeated(section: Section, noun: string, name: string, first: readonly PropertyKey[]): string {
  return `there is a ${noun} ${quote(name)} already, in line ${section.locate(first).line}`;
}

/** A scenario that is all warm-up measures nothing. */
function measured(section: Section): Problem[] {
  const phases = entries(section, ['load', 'phases']);
  if (phases.length === 0 || phases.some((phase) => valueAt(phase, ['warmup']) !== true)) return [];
  const message =
    'all phases are warm-up, so that nothing is measured; leave out "warmup: true" in one of them';
  return [problemAt(section, ['load', 'phases'], 'nothing-measured', message)];
}

/** `theta` and `share` belong to one distribution each. */
function keySettings(section: Section): Problem[] {
  const keys = ['messages', 'keys'];
  const distribution = valueAt(section.value, [...keys, 'distribution']) ?? 'uniform';
  const belongs = (setting: string, owner: string): Problem[] => {
    const isGiven = valueAt(section.value, [...keys, setting]) !== undefined;
    if (!isGiven || distribution === owner || !isDistribution(distribution)) return [];
    const message = `messages.keys.${setting} is for "distribution: ${owner}" only, not ${distribution}`;
    return [
      { ...section.locateKey(keys, setting), code: `${section.document.kind}.unused-setting`, message },
    ];
  };
  const isShareMissing = distribution === 'hot' && valueAt(section.value, [...keys, 'share']) === undefined;
  const missing = 'missing key "share" in messages.keys; "distribution: hot" needs it, as in share: 30%';
  const place = { ...section.locate(keys), code: `${section.document.kind}.missing-key` };
  return [
    ...belongs('theta', 'zipf'),
    ...belongs('share', 'hot'),
    ...(isShareMissing ? [{ ...place, message: missing }] : []),
  ];
}

function isDistribution(value: unknown): value is string {
  return value === 'uniform' || value === 'zipf' || value === 'hot';
}

/** Checks that name a phase or a subscription which does not exist; all else about them is the schema's. */
function checkedNames(section: Section): Problem[] {
  const phases = entries(section, ['load', 'phases'])
    .map((phase) => valueAt(phase, ['name']))
    .filter((name) => typeof name === 'string');
  const subscriptions = subscriptionsOf(section);
  if (phases.length === 0 || subscriptions === undefined) return [];
  const names = { phases: Array.from(new Set(phases)), subscriptions };
  return entries(section, ['checks']).flatMap((text, index) =>
    unknownName(section, text, ['checks', index], names),
  );
}

function unknownName(
  section: Section,
  text: unknown,
  path: readonly PropertyKey[],
  names: CheckNames,
): Problem[] {
  try {
    if (typeof text === 'string') parseCheck(text, names);
    return [];
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    const { code, fault, advice, offset } = error.fault;
    const isUnknown = code === 'unknown-phase' || code === 'unknown-subscription';
    return isUnknown ? [problemAt(section, path, code, `${fault}; ${advice}`, offset)] : [];
  }
}
