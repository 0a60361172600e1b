import type { Workload } from '../workload.ts';
import { Consuming } from './consuming.ts';
import { Producing } from './producing.ts';

/** Messages from producers to the consumers of each subscription, and nothing else. */
export const stream: Workload<'producers' | 'consumers'> = {
  name: 'stream',
  topics: (scenario, topic) => [{ name: topic, ...scenario.topology }],
  places: ({ topology }, topic) => topology.subscriptions.map((name) => [{ topic, name }]),
  // each subscription in an agent of its own, so that receiving cannot delay a send
  roles: ({ topology }) => [
    ...topology.subscriptions.map((subscription) => ({ kind: 'consumers', subscription }) as const),
    { kind: 'producers' },
  ],
  open: (role, stage) =>
    role.kind === 'producers' ? Producing.open(stage) : Consuming.open(stage, role.subscription, {}),
};
