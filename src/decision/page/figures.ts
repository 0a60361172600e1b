import type { Cell } from '../cell.ts';

/** Rounding happens here, once. */

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A whole number as it is, another with three significant digits: `100`, `0.412`, `12.4`, `1,240`. */
export function formatFigure(value: number): string {
  return Number.isInteger(value) ? grouped.format(value) : threeDigits(value);
}

function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (size >= 99.95) return grouped.format(value);
  if (size >= 9.995) return value.toFixed(1);
  return size >= 0.9995 || size === 0 ? value.toFixed(2) : value.toPrecision(3);
}

/** `3.84 (3.13-5.73)`, a category, or `?` where nobody knows. */
export function formatCell({ raw, spread }: Cell): string {
  if (raw === null) return '?';
  if (typeof raw === 'string') return raw;
  const [low, high] = endsOf(spread) ?? [raw, raw];
  const format = [raw, low, high].every(Number.isInteger) ? formatFigure : threeDigits;
  return low === high ? format(raw) : `${format(raw)} (${format(low)}-${format(high)})`;
}

function endsOf(spread: Cell['spread']): readonly [low: number, high: number] | undefined {
  switch (spread.kind) {
    case 'samples':
      return [Math.min(...spread.values), Math.max(...spread.values)];
    case 'triangular':
      return [spread.low, spread.high];
    case 'none':
    case 'any':
      return undefined;
  }
}

/** Of a value from 0 to 1: `0.88`. */
export function formatWorth(worth: number | null): string {
  return worth === null ? '?' : worth.toFixed(2);
}

/** Of a total, from 0 to 1: `0.715`. */
export function formatTotal(total: number): string {
  return total.toFixed(3);
}

/** `45.2 %`, `100 %`, `< 0.1 %` for what is not quite nothing, `> 99.9 %` for what is not quite all. */
export function formatShare(share: number): string {
  if (share === 0 || share === 1) return `${share * 100} %`;
  if (share < 0.001) return '< 0.1 %';
  if (share > 0.999) return '> 99.9 %';
  const text = (share * 100).toFixed(1);
  return `${text.endsWith('.0') ? text.slice(0, -2) : text} %`;
}
