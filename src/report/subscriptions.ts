import type { LatencyResult } from '../result/index.ts';
import { formatMs } from './format.ts';
import { marks, spread, type Group } from './summary.ts';

export const SUBSCRIPTION_COLUMNS = [
  'target',
  'subscription',
  'p50 ms',
  'p99 ms',
  'p99.9 ms',
  'max ms',
] as const;

/** A row for each of several subscriptions. */
export function subscriptionRows(group: Group): readonly (readonly string[])[] {
  const [first] = group.trials;
  if (first === undefined) return [];
  const sound = group.trials.filter(({ verdict }) => verdict === 'sustained');
  return first.measured.subscriptions.map(({ subscription }) => {
    const figure = (of: (latency: LatencyResult) => number | null): string =>
      spread(
        sound.map(({ measured }) => {
          const own = measured.subscriptions.find((each) => each.subscription === subscription);
          return own === undefined ? null : of(own.endToEnd);
        }),
        formatMs,
      );
    return [
      `${group.target}${marks(first)}`,
      subscription,
      figure(({ p50Us }) => p50Us),
      figure(({ p99Us }) => p99Us),
      figure(({ p999Us }) => p999Us),
      figure(({ maxUs }) => maxUs),
    ];
  });
}
