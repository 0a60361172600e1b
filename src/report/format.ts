/** Rounding happens here, once; everywhere else numbers are kept as measured. */

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0, signDisplay: 'negative' });

/** `20,000` */
export function formatCount(value: number): string {
  return grouped.format(value);
}

/** Milliseconds with three significant digits: `0.412`, `1.24`, `12.4`, `1,240`; `-` for null. */
export function formatMs(us: number | null): string {
  if (us === null) return '-';
  const ms = us / 1000;
  // the limits lie where rounding would carry into a fourth digit: 9.996 is 10.0, not 10.00
  if (ms >= 99.95) return grouped.format(ms);
  return ms >= 9.995 ? ms.toFixed(1) : ms >= 0.9995 ? ms.toFixed(2) : ms.toFixed(3);
}

/** Messages per second: `999.7`, `12,400`. */
export function formatRate(perSecond: number): string {
  return perSecond < 999.95 ? perSecond.toFixed(perSecond < 9.995 ? 2 : 1) : grouped.format(perSecond);
}

/** `1.4 GiB`, `-3.0 MiB` */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = Math.abs(bytes);
  let step = 0;
  for (; size >= 1023.5 && step < units.length - 1; step++) size /= 1024;
  const text = step === 0 || size >= 99.95 ? grouped.format(size) : size.toFixed(1);
  return `${bytes < 0 ? '-' : ''}${text} ${units[step]}`;
}

/** `45 s`, `2 min 05 s`, `1 h 02 min` */
export function formatSpan(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}

/** A value in the unit of its metric: `12.4 ms`, `999.7/s`, `0`; `too few samples` for null. */
export function formatMetric(value: number | null, unit: string): string {
  if (value === null) return 'too few samples';
  switch (unit) {
    case 'us':
      return value < 999.5 ? `${formatCount(value)} us` : `${formatMs(value)} ms`;
    case 'perSecond':
      return `${formatRate(value)}/s`;
    case 'ratio':
      return `${(value * 100).toFixed(1)} %`;
    default:
      return formatCount(value);
  }
}
