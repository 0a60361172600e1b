/** V(a) = Σ wⱼ vⱼ(a), the additive value of each option. @param values an option a row, a criterion a column */
export function totals(
  values: readonly (readonly number[])[],
  weights: readonly number[],
): readonly number[] {
  return values.map((row) => row.reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0));
}

/** Whether `a` is nowhere worse than `b` and somewhere better: then `b` is first under no weights at all. */
export function dominates(a: readonly number[], b: readonly number[]): boolean {
  const pairs = a.map((value, index) => [value, b[index] ?? Number.NaN] as const);
  return pairs.every(([ours, theirs]) => ours >= theirs) && pairs.some(([ours, theirs]) => ours > theirs);
}

/**
 * The weight of one criterion at which two options are equal, the others keeping their proportions.
 * @param criterion index of the criterion
 * @returns 0 to 1; undefined where no weight makes them equal, or where all of the weight is on it already
 */
export function breakEvenWeight(
  a: readonly number[],
  b: readonly number[],
  weights: readonly number[],
  criterion: number,
): number | undefined {
  const lead = a.map((value, index) => value - (b[index] ?? 0));
  const own = lead[criterion] ?? 0;
  const others = 1 - (weights[criterion] ?? 0);
  if (others <= 0) return undefined;
  const rest =
    lead.reduce((sum, each, index) => (index === criterion ? sum : sum + each * (weights[index] ?? 0)), 0) /
    others;
  const weight = rest / (rest - own);
  return weight >= 0 && weight <= 1 ? weight : undefined;
}
