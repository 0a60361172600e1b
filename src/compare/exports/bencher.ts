import { median } from '../../stats/index.ts';
import type { Comparison, Row } from '../comparison.ts';

interface BencherMeasure {
  readonly value: number;
  readonly lower_value: number;
  readonly upper_value: number;
}

const MOST_NAME = 1024;
const MOST_SLUG = 64;

/** Bencher Metric Format: by benchmark, by measure, the median of the trials between the smallest and the largest. */
export function bencherMetrics({
  rows,
}: Comparison): Readonly<Record<string, Readonly<Record<string, BencherMeasure>>>> {
  const benchmarks: Record<string, Record<string, BencherMeasure>> = {};
  for (const row of rows) {
    if (row.current.length === 0) continue;
    const name = `${row.scenario}/${row.target}`.slice(0, MOST_NAME);
    (benchmarks[name] ??= {})[slugOf(row)] = {
      value: median(row.current) ?? Number.NaN,
      lower_value: Math.min(...row.current),
      upper_value: Math.max(...row.current),
    };
  }
  return benchmarks;
}

/** `end-to-end-p99-sale` */
function slugOf({ metric, phase }: Row): string {
  return [metric, phase ?? '']
    .join(' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, MOST_SLUG);
}
