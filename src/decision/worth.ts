import { median, Random, triangular } from '../stats/index.ts';
import type { UncertainValue } from './acceptability.ts';
import type { Cell } from './cell.ts';
import type { Criterion } from './decision.ts';
import { valueOf } from './value-function.ts';

/** What a cell is worth, 0 to 1; null where nobody knows. */
export function worthOf({ scale }: Criterion, { raw }: Cell): number | null {
  if (raw === null) return null;
  if (scale.kind === 'categorical') return scale.values[String(raw)] ?? null;
  return valueOf(scale, Number(raw));
}

/** How many values an uncertain one is drawn from, in steps of equal likelihood: few enough to stay in a cache. */
const TABLE = 256;
/** How often the median is resampled, for each of them. */
const RESAMPLES = 4;

/**
 * What a cell may be worth. Of trials the median is resampled (bootstrap over trials, never over messages); a sum or the
 * worst of them is what it is.
 * @param stream names the draws of this cell, so that those of no other depend on it
 */
export function uncertainWorth(
  criterion: Criterion,
  cell: Cell,
  seed: number,
  stream: string,
): UncertainValue {
  const { scale } = criterion;
  const { spread, raw, source } = cell;
  const random = new Random(seed, stream);
  const table = (at: (share: number) => number): Float64Array =>
    Float64Array.from({ length: TABLE }, (_, index) => at((index + 0.5) / TABLE));
  if (spread.kind === 'any') return table((share) => share);
  if (scale.kind === 'categorical' || spread.kind === 'none') return worthOf(criterion, cell) ?? 0;
  if (spread.kind === 'triangular') {
    const { low, high } = spread;
    return table((share) => valueOf(scale, triangular(share, low, Number(raw), high)));
  }
  const isMedian = source.kind === 'measured' && source.selector.aggregate === 'median';
  if (!isMedian || spread.values.length < 2) return worthOf(criterion, cell) ?? 0;
  const medians = Float64Array.from({ length: TABLE * RESAMPLES }, () =>
    resampledMedian(spread.values, random),
  ).toSorted();
  return table((share) => valueOf(scale, medians[Math.floor(share * medians.length)] ?? 0));
}

function resampledMedian(values: readonly number[], random: Random): number {
  return median(values.map(() => values[random.below(values.length)] ?? 0)) ?? 0;
}
