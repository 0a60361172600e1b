/**
 * How many of the first values to leave out so that what remains is steady: the cut that minimises the squared
 * standard error of the mean of the rest (MSER; White, "An effective truncation heuristic for bias reduction in
 * simulation output", Simulation 69(6), 1997).
 *
 * @returns 0 where nothing need be cut; undefined where the best cut would leave no more than half, so that the values
 * do not settle, or where there are fewer than ten
 */
export function mserCut(values: readonly number[]): number | undefined {
  const count = values.length;
  if (count < 10) return undefined;
  let best = 0;
  let least = Infinity;
  // sums of what remains, from the end on
  let sum = 0;
  let squares = 0;
  for (let cut = count - 1; cut >= 0; cut--) {
    const value = values[cut] ?? 0;
    sum += value;
    squares += value * value;
    const left = count - cut;
    // of the second half any part may be steady by chance
    if (cut > count / 2) continue;
    const error = Math.max(0, squares - (sum * sum) / left) / (left * left);
    if (error <= least) {
      least = error;
      best = cut;
    }
  }
  return best >= Math.floor(count / 2) ? undefined : best;
}
