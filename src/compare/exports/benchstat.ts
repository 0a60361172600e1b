import type { Comparison, Row } from '../comparison.ts';

/** Go's benchmark text, a line a trial, of one side: `benchstat baseline.txt current.txt` compares two. */
export function benchstatText({ rows }: Comparison, side: 'baseline' | 'current'): string {
  const lines = rows.flatMap((row) =>
    row[side].map((value) => `Benchmark${nameOf(row)} 1 ${value} ${unitOf(row)}`),
  );
  return `${lines.join('\n')}\n`;
}

/** `endToEnd-p99-us`: a table of benchstat is of one unit, so that it is that of one metric. */
function unitOf({ metric, unit }: Row): string {
  return withoutSpaces(`${metric}-${unit === 'perSecond' ? 'per-s' : unit}`.replaceAll('.', '-'));
}

function withoutSpaces(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9.@_-]+/g, '-');
}

/** `FlashSale/target=kafka/phase=sale`; Go's format ends a name where a space comes */
function nameOf({ scenario, target, phase }: Row): string {
  const words = scenario.split(/[^A-Za-z0-9]+/).map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  const parts = [['target', target], ...(phase === null ? [] : [['phase', phase]])];
  const told = parts.map(([key, value = '']) => `/${key}=${withoutSpaces(value)}`);
  return `${words.join('')}${told.join('')}`;
}
