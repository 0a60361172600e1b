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

/** How many values an uncertain one is drawn from: their own error is small beside that of a few trials. */
const TABLE = 1024;

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
  const table = (draw: (index: number) => number): Float64Array =>
    Float64Array.from({ length: TABLE }, (_, index) => draw(index));
  if (spread.kind === 'any') return table((index) => (index + 0.5) / TABLE);
  if (scale.kind === 'categorical' || spread.kind === 'none') return worthOf(criterion, cell) ?? 0;
  if (spread.kind === 'triangular') {
    const { low, high } = spread;
    return table(() => valueOf(scale, triangular(random, low, Number(raw), high)));
  }
  const isMedian = source.kind === 'measured' && source.selector.aggregate === 'median';
  if (!isMedian || spread.values.length < 2) return worthOf(criterion, cell) ?? 0;
  return table(() => valueOf(scale, resampledMedian(spread.values, random)));
}

function resampledMedian(values: readonly number[], random: Random): number {
  return median(values.map(() => values[random.below(values.length)] ?? 0)) ?? 0;
}
