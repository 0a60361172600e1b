import { bootstrappedMedian, triangular } from '../stats/index.ts';
import type { UncertainValue } from './acceptability.ts';
import { isMedian, type Cell } from './cell.ts';
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
/** Of the few medians that trials can have, so that the likelihood of each is true to a thousandth. */
const FINE_TABLE = 1024;

/**
 * What a cell may be worth. Of trials it is the median of a bootstrap sample (over trials, never over messages); a sum or
 * the worst of them is what it is.
 */
export function uncertainWorth(criterion: Criterion, cell: Cell): UncertainValue {
  const { scale } = criterion;
  const { spread, raw, source } = cell;
  const table = (at: (share: number) => number, size = TABLE): Float64Array =>
    Float64Array.from({ length: size }, (_, index) => at((index + 0.5) / size));
  if (spread.kind === 'any') return table((share) => share);
  if (scale.kind === 'categorical' || spread.kind === 'none') return worthOf(criterion, cell) ?? 0;
  if (spread.kind === 'triangular') {
    const { low, high } = spread;
    return table((share) => valueOf(scale, triangular(share, low, Number(raw), high)));
  }
  if (!isMedian(source) || spread.values.length < 2) return worthOf(criterion, cell) ?? 0;
  const medians = bootstrappedMedian(spread.values);
  let place = 0;
  let below = medians[0]?.share ?? 1;
  return table((share) => {
    while (share > below && place + 1 < medians.length) below += medians[++place]?.share ?? 0;
    return valueOf(scale, medians[place]?.value ?? 0);
  }, FINE_TABLE);
}
