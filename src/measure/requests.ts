/** API calls by action, as a driver counts them. */
export type RequestCounts = Readonly<Record<string, number>>;

/** What was counted since; undefined where nothing is counted. */
export function requestsSince(
  before: RequestCounts | undefined,
  now: RequestCounts | undefined,
): RequestCounts | undefined {
  if (now === undefined) return undefined;
  const made = Object.entries(now).map(
    ([action, count]) => [action, count - (before?.[action] ?? 0)] as const,
  );
  return Object.fromEntries(made.filter(([, count]) => count > 0));
}

/** The counts of several agents as one; undefined where none of them counts. */
export function sumOfRequests(agents: readonly (RequestCounts | undefined)[]): RequestCounts | undefined {
  const counting = agents.filter((counts) => counts !== undefined);
  if (counting.length === 0) return undefined;
  const sum = new Map<string, number>();
  for (const counts of counting) {
    for (const [action, count] of Object.entries(counts)) sum.set(action, (sum.get(action) ?? 0) + count);
  }
  return Object.fromEntries([...sum].sort(([a], [b]) => (a < b ? -1 : 1)));
}
