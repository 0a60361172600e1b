/**
 * What a raw score is worth, from 0 (worst) to 1 (best), on a scale that the decision declares: never one that is taken
 * from the options present, which would let an option that nobody wants change the order of the others. Beyond the ends
 * of the scale it stays at the end.
 */
export type ValueFunction =
  /** worst may be above best: less is better */
  | { readonly kind: 'linear' | 'log'; readonly worst: number; readonly best: number }
  /** straight lines between points in the order of their raw scores */
  | { readonly kind: 'piecewise'; readonly points: readonly Point[] }
  /** the value of the last step that is reached, `below` before the first; in the order of their raw scores */
  | { readonly kind: 'step'; readonly below: number; readonly steps: readonly Point[] }
  | { readonly kind: 'categorical'; readonly values: Readonly<Record<string, number>> };

/** A raw score, and what it is worth. */
type Point = readonly [raw: number, value: number];

type NumericFunction = Exclude<ValueFunction, { readonly kind: 'categorical' }>;

/** @param raw in the unit of the criterion; of a log scale above 0 */
export function valueOf(scale: NumericFunction, raw: number): number {
  switch (scale.kind) {
    case 'linear':
      return clip((raw - scale.worst) / (scale.best - scale.worst));
    case 'log':
      // 0 is beyond either end
      return clip(Math.log(scale.worst / raw) / Math.log(scale.worst / scale.best));
    case 'piecewise':
      return between(scale.points, raw);
    case 'step':
      return scale.steps.findLast(([from]) => raw >= from)?.[1] ?? scale.below;
  }
}

function clip(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function between(points: readonly Point[], raw: number): number {
  const next = points.findIndex(([at]) => at >= raw);
  const [left, right] = [points[next - 1], points[next]];
  if (right === undefined) return points.at(-1)?.[1] ?? 0;
  if (left === undefined) return right[1];
  return left[1] + ((raw - left[0]) / (right[0] - left[0])) * (right[1] - left[1]);
}
