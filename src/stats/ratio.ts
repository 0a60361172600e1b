import { excludedDifferences } from './rank-sum.ts';
import { median } from './trend.ts';

/** How much larger one sample is than another, as a factor, and between what that lies. */
interface Ratio {
  /** Hodges and Lehmann's: the median of all ratios of a value of the one to a value of the other */
  readonly ratio: number;
  /** undefined where the samples are too small for so much confidence */
  readonly interval: { readonly low: number; readonly high: number; readonly coverage: number } | undefined;
}

/**
 * How large the second sample is by the first. The interval inverts the rank-sum test and assumes nothing about the
 * distribution (Hodges and Lehmann, Annals of Mathematical Statistics 34(2), 1963; Lehmann 1975, 2.5).
 * @param base values above 0
 * @param current values above 0
 * @param confidence of the interval, as 0.95; it covers at least that
 * @throws RangeError for a value that is not above 0, of which there is no ratio
 */
export function ratioOf(base: readonly number[], current: readonly number[], confidence: number): Ratio {
  const logs = (values: readonly number[]): readonly number[] => values.map(logarithm);
  const [from, to] = [logs(base), logs(current)];
  const differences = to.flatMap((one) => from.map((other) => one - other)).toSorted((a, b) => a - b);
  const excluded = excludedDifferences(base.length, current.length, confidence);
  const at = (index: number): number => Math.exp(differences[index] ?? Number.NaN);
  return {
    ratio: Math.exp(median(differences) ?? Number.NaN),
    interval:
      excluded === undefined
        ? undefined
        : {
            low: at(excluded.count - 1),
            high: at(differences.length - excluded.count),
            coverage: excluded.coverage,
          },
  };
}

function logarithm(value: number): number {
  if (value > 0 && Number.isFinite(value)) return Math.log(value);
  throw new RangeError(`no ratio of ${value}`);
}
