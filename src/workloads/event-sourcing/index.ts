import { Consuming } from '../stream/consuming.ts';
import { Producing } from '../stream/producing.ts';
import type { Workload } from '../workload.ts';
import { AcknowledgementTimes } from './acknowledgement-times.ts';
import { Projecting } from './projecting.ts';
import { replay } from './replaying.ts';

/**
 * Events of orders, kept for ever, and a read model that a consumer keeps up to date with them (CQRS). When all is
 * over the log is read from its start and folded again: it has to come to the same state.
 */
export const eventSourcing: Workload<'producers' | 'consumers'> = {
  name: 'event-sourcing',
  topics: (scenario, topic) => [{ name: topic, ...scenario.topology, keeps: 'all' }],
  places: ({ topology }, topic) => topology.subscriptions.map((name) => [{ topic, name }]),
  roles: ({ topology }) => [
    ...topology.subscriptions.map((subscription) => ({ kind: 'consumers', subscription }) as const),
    { kind: 'producers' },
  ],
  open: (role, stage) => {
    if (role.kind === 'consumers') {
      return Consuming.open(stage, role.subscription, { handling: new Projecting(stage.plan) });
    }
    const times = new AcknowledgementTimes(stage.plan.scenario.producers.count);
    return Producing.open(stage, {
      wrap: async (producer) => times.noting(producer),
      acknowledgedAt: () => times.toArrays(),
    });
  },
  replay,
};
