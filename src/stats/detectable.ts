import { Random } from './random.ts';
import { excludedDifferences, smallestP } from './rank-sum.ts';

interface Sizes {
  readonly base: number;
  readonly current: number;
}

/** What a test is asked for. */
interface Demand {
  /** chance of a false alarm, as 0.05 */
  readonly alpha: number;
  /** chance to see what is there, as 0.8 */
  readonly power: number;
}

/** Pairs of samples that are drawn: the share that sees a change is then known to about half a point. */
const DRAWS = 10_000;

/**
 * The smallest change that the rank-sum test sees with that power, in standard deviations of the logarithm of one value
 * (log-normal values). Of each pair of samples it is known from which shift on the test sees it: a difference of theirs.
 * @returns undefined where no change, however large, is seen: the samples are too small
 */
function detectableShift(sizes: Sizes, { alpha, power }: Demand): number | undefined {
  const { base, current } = sizes;
  if (smallestP(base, current) > alpha) return undefined;
  const key = `${base} ${current} ${alpha} ${power}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const excluded = excludedDifferences(base, current, 1 - alpha)?.count ?? 0;
  const random = new Random(1, `detectable ${base} ${current}`);
  const shifts = new Float64Array(DRAWS);
  for (let draw = 0; draw < DRAWS; draw++) {
    const normals = (count: number): readonly number[] =>
      Array.from({ length: count }, () => random.normal());
    const [one, other] = [normals(base), normals(current)];
    const differences = Float64Array.from(one.flatMap((from) => other.map((to) => from - to))).toSorted();
    // so many pairs may still be the wrong way round
    shifts[draw] = differences[differences.length - excluded] ?? Number.NaN;
  }
  const shift = shifts.toSorted()[Math.ceil(power * DRAWS) - 1] ?? Number.NaN;
  known.set(key, shift);
  return shift;
}

const known = new Map<string, number>();

/**
 * The smallest change that is seen, as a share: 0.13 is 13 %.
 * @param variation of a value from one run to the next: standard deviation ÷ mean
 */
export function detectableChange(variation: number, sizes: Sizes, demand: Demand): number | undefined {
  const shift = detectableShift(sizes, demand);
  return shift === undefined ? undefined : Math.expm1(shift * Math.sqrt(Math.log1p(variation ** 2)));
}
