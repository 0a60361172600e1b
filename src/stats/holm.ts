/**
 * p values that hold for all of them together: the chance that any is small without a reason is no larger than for a
 * single one (Holm, Scandinavian Journal of Statistics 6(2), 1979).
 * @returns in the order of `ps`
 */
export function holm(ps: readonly number[]): readonly number[] {
  const order = ps.map((_, index) => index).toSorted((a, b) => (ps[a] ?? 0) - (ps[b] ?? 0));
  const adjusted = new Array<number>(ps.length).fill(1);
  let least = 0;
  for (const [rank, index] of order.entries()) {
    least = Math.max(least, Math.min(1, (ps[index] ?? 1) * (ps.length - rank)));
    adjusted[index] = least;
  }
  return adjusted;
}
