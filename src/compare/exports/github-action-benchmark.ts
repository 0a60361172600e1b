import { median } from '../../stats/index.ts';
import type { Comparison, Row } from '../comparison.ts';
import { nameOf } from '../page/words.ts';

/** An entry of github-action-benchmark's `customSmallerIsBetter` and `customBiggerIsBetter`. */
export interface BenchmarkEntry {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly range: string;
  readonly extra: string;
}

/** Its direction is that of a whole file, so that there are two. */
export function benchmarkEntries({ rows }: Comparison): {
  readonly smallerIsBetter: readonly BenchmarkEntry[];
  readonly biggerIsBetter: readonly BenchmarkEntry[];
} {
  const entries = (worse: Row['worse']): readonly BenchmarkEntry[] =>
    rows.filter((row) => row.worse === worse && row.current.length > 0).map(entryOf);
  return { smallerIsBetter: entries('higher'), biggerIsBetter: entries('lower') };
}

function entryOf(row: Row): BenchmarkEntry {
  const { current, scenario, target, unit, verdict } = row;
  const half = (Math.max(...current) - Math.min(...current)) / 2;
  return {
    name: `${scenario}/${target}/${nameOf(row)}`,
    unit,
    value: median(current) ?? Number.NaN,
    range: `± ${half}`,
    extra: `${verdict}; ${current.length} trials`,
  };
}
