import { canonicalJson } from '../result/index.ts';

/** What both sides have to have in common, by the names of its parts. */
export type Facts = Readonly<Record<string, unknown>>;

/** How many parts that differ are named. */
const MOST_NAMED = 3;

/** Each once. */
export function distinct(facts: readonly Facts[]): readonly Facts[] {
  return [...new Map(facts.map((each) => [canonicalJson(each), each])).values()];
}

/** `flush.messages none, then 1; effective leader-acked, then fsynced-acked` */
export function differences(one: Facts, other: Facts): string {
  const [before, now] = [Object.fromEntries(leaves(one)), Object.fromEntries(leaves(other))];
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    (name) => canonicalJson(before[name]) !== canonicalJson(now[name]),
  );
  const told = names
    .slice(0, MOST_NAMED)
    .map((name) => `${name} ${short(before[name])}, then ${short(now[name])}`);
  const more = names.length > MOST_NAMED ? [`and ${names.length - MOST_NAMED} more`] : [];
  return [...told, ...more].join('; ');
}

/** `load.phases.1.fromPerSecond` */
function leaves(value: unknown, path = ''): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  const inner = Object.entries(value).flatMap(([key, each]) =>
    leaves(each, path === '' ? key : `${path}.${key}`),
  );
  return inner.length === 0 && path !== '' ? [[path, value]] : inner;
}

function short(value: unknown): string {
  if (value === undefined) return 'none';
  const text = typeof value === 'string' ? value : canonicalJson(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
