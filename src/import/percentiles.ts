import type { ImportedTrial } from '../result/index.ts';

/** By the field of mqbench, which share of the samples is beyond it. */
const BEYOND: Readonly<Record<string, number>> = { p90: 0.1, p99: 0.01, p999: 0.001, p9999: 0.0001 };

/** From the smallest, as they have to be. */
const IN_ORDER = ['min', 'p50', 'p90', 'p99', 'p999', 'p9999', 'max'] as const;

/**
 * Why no latency has these values; undefined: one may have.
 * @param least that any can be: 0, or just above it
 */
export function impossible(
  valuesUs: Readonly<Record<string, number | undefined>>,
  least: 'may be 0' | 'above 0',
): string | undefined {
  const wrong = Object.entries(valuesUs).find(([field, us]) => {
    if (us === undefined) return false;
    // of the smallest, rounding may leave nothing
    return !Number.isFinite(us) || us < 0 || (us === 0 && least === 'above 0' && field !== 'min');
  });
  if (wrong !== undefined) return `${wrong[0]} is ${wrong[1]} µs`;
  const { mean, max } = valuesUs;
  if (mean !== undefined && max !== undefined && mean > max)
    return `mean of ${mean} µs is more than max of ${max} µs`;
  const told = IN_ORDER.flatMap((field) => {
    const us = valuesUs[field];
    return us === undefined ? [] : [{ field, us }];
  });
  const index = told.findIndex(({ us }, at) => at > 0 && us < (told[at - 1]?.us ?? 0));
  const [less, more] = [told[index - 1], told[index]];
  return less === undefined || more === undefined || index < 0
    ? undefined
    : `${less.field} of ${less.us} µs is more than ${more.field} of ${more.us} µs`;
}

/** As everywhere in mqbench: fewer samples beyond a percentile make it a matter of luck. */
const LEAST_BEYOND = 10;

/**
 * The metrics of one latency, in µs; a percentile with too few samples beyond it is left out, as is what the other tool
 * did not tell.
 * @param valuesUs by the field of mqbench: p50, p99, max, mean …
 * @param samples undefined: nobody told, so that all are taken
 */
export function latencyMetrics(
  latency: string,
  valuesUs: Readonly<Record<string, number | undefined>>,
  samples: number | undefined,
): ImportedTrial['metrics'] {
  const told = Object.entries(valuesUs).flatMap(([field, us]) => {
    const beyond = BEYOND[field];
    const isLuck = beyond !== undefined && samples !== undefined && samples * beyond < LEAST_BEYOND;
    return us === undefined || isLuck ? [] : [[`${latency}.${field}`, us] as const];
  });
  return Object.fromEntries(told);
}
