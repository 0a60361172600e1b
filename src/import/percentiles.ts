import type { ImportedTrial } from '../result/index.ts';

/** By the field of mqbench, which share of the samples is beyond it. */
const BEYOND: Readonly<Record<string, number>> = { p90: 0.1, p99: 0.01, p999: 0.001, p9999: 0.0001 };

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
