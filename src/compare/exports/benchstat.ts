import type { Comparison, Row } from '../comparison.ts';

/** Go's benchmark text, a line a trial, of one side: `benchstat baseline.txt current.txt` compares two. */
export function benchstatText({ rows }: Comparison, side: 'baseline' | 'current'): string {
  const lines = rows.flatMap((row) =>
    row[side].map(
      (value) =>
        `Benchmark${nameOf(row)} 1 ${value} ${row.metric.replaceAll('.', '-')}-${UNITS[row.unit] ?? row.unit}`,
    ),
  );
  return `${lines.join('\n')}\n`;
}

const UNITS: Readonly<Record<string, string>> = { us: 'us', perSecond: 'per-s' };

/** `FlashSale/target=kafka/phase=sale` */
function nameOf({ scenario, target, phase }: Row): string {
  const name = scenario.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, first: string) =>
    first.toUpperCase(),
  );
  return `${name}/target=${target}${phase === null ? '' : `/phase=${phase}`}`;
}
