import { parseDurationSeconds, type Section, valueAt, ValueError } from '../yaml/index.ts';

/** As the schema has it. */
const DEFAULT_SUBSCRIPTIONS: readonly string[] = ['main'];

/** The entries of a list, none where it is something else, which the schema says. */
export function entries(section: Section, path: readonly string[]): readonly unknown[] {
  const found = valueAt(section.value, path);
  return Array.isArray(found) ? found : [];
}

/** undefined where they cannot be told, which the schema says */
export function subscriptionsOf(section: Section): readonly string[] | undefined {
  const topology = valueAt(section.value, ['topology']);
  if (topology === undefined) return DEFAULT_SUBSCRIPTIONS;
  if (typeof topology !== 'object' || topology === null || Array.isArray(topology)) return undefined;
  const names = valueAt(topology, ['subscriptions']);
  if (names === undefined) return DEFAULT_SUBSCRIPTIONS;
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : undefined;
}

/** The duration at a key; undefined where it is none, which the schema says. */
export function secondsAt(entry: unknown, key: string): number | undefined {
  return parsedAt(entry, key, parseDurationSeconds);
}

/** What the text at a key is parsed to; undefined where it cannot be, which the schema says. */
export function parsedAt<T>(entry: unknown, key: string, parse: (text: string) => T): T | undefined {
  const text = valueAt(entry, [key]);
  try {
    return typeof text === 'string' ? parse(text) : undefined;
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    return undefined;
  }
}

/** How long the load lasts; undefined where it cannot be told, which the schema says. */
export function loadSeconds(section: Section): number | undefined {
  const phases = entries(section, ['load', 'phases']).map((phase) => secondsAt(phase, 'for'));
  if (phases.length === 0) return undefined;
  return phases.reduce<number | undefined>(
    (sum, each) => (sum === undefined || each === undefined ? undefined : sum + each),
    0,
  );
}
