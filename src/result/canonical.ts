/**
 * Plain data as text that does not depend on the order in which keys were written.
 * @param without keys that are no part of what it means, wherever they stand
 */
export function canonicalJson(value: unknown, without: ReadonlySet<string> = new Set()): string {
  return JSON.stringify(value, (key, each: unknown) => {
    if (without.has(key)) return undefined;
    if (each instanceof Map) return Object.fromEntries(each);
    return typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each;
  });
}
