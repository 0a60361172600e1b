import type { ConsumerSettings, Scenario } from './scenario.ts';

/** The consumers of one subscription, with what is different there. */
export function consumersOf({ consumers }: Scenario, subscription: string): ConsumerSettings {
  const { count, window, workMs, of } = consumers;
  return { count, window, workMs, ...of[subscription] };
}
