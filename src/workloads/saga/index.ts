import { drawnShare } from '../../load/index.ts';
import type { SagaSpec, Scenario } from '../../scenario/index.ts';
import { Producing } from '../stream/producing.ts';
import type { Part, Stage, Workload } from '../workload.ts';
import type { Order, ParticipantName } from './messages.ts';
import { OrderDesk } from './order-desk.ts';
import { Participant, type Duties } from './participant.ts';
import { placing } from './placing.ts';
import { CHOREOGRAPHY, ORCHESTRATION, type Style } from './services.ts';
import { Inventory, Payments, Shipping } from './stores.ts';
import { channelTopic } from './topics.ts';

/**
 * Orders of a shop, each of which four services bring to an end together: a saga. What is delivered is an order that
 * has ended, and its latency is from its planned placing to its end.
 */
export const saga: Workload<'producers' | 'participant'> = {
  name: 'saga',
  topics: (scenario, topic) => [
    { name: topic, ...scenario.topology },
    ...styleOf(scenario).channels.map(({ name, listeners }) => ({
      name: channelTopic(topic, name),
      partitions: scenario.topology.partitions,
      subscriptions: listeners,
    })),
  ],
  places: (scenario, topic) => [
    [
      ...scenario.topology.subscriptions.map((name) => ({ topic, name })),
      ...styleOf(scenario).channels.flatMap(({ name: channel, listeners }) =>
        listeners.map((name) => ({ topic: channelTopic(topic, channel), name })),
      ),
    ],
  ],
  roles: () => [
    { kind: 'participant', participant: 'order' },
    { kind: 'participant', participant: 'payment' },
    { kind: 'participant', participant: 'inventory' },
    { kind: 'participant', participant: 'shipping' },
    { kind: 'producers' },
  ],
  open: (role, stage) => {
    const spec = specOf(stage.plan.scenario);
    if (role.kind === 'producers') {
      return Producing.open(stage, { wrap: (producer) => placing(producer, spec, stage.plan.seed) });
    }
    return role.participant === 'order'
      ? OrderDesk.open(stage, spec, styleOf(stage.plan.scenario), subscriptionOf(stage))
      : openService(role.participant, stage, spec);
  },
};

function openService(name: Exclude<ParticipantName, 'order'>, stage: Stage, spec: SagaSpec): Promise<Part> {
  const style = styleOf(stage.plan.scenario);
  return Participant.open(stage, spec, style, dutiesOf(name, style, spec, stage.plan.seed));
}

function dutiesOf(
  name: Exclude<ParticipantName, 'order'>,
  style: Style,
  spec: SagaSpec,
  seed: number,
): Duties {
  const chance = (what: string, share: number) => (order: Order) =>
    drawnShare(`${order.id} ${what}`, seed) < share;
  switch (name) {
    case 'payment': {
      const payments = new Payments(chance('declined', spec.declines));
      return {
        name,
        service: style.payment(payments),
        books: () => ({ kind: 'payment', payments: payments.orders }),
      };
    }
    case 'inventory': {
      const inventory = new Inventory(spec.stock);
      return {
        name,
        service: style.inventory(inventory),
        books: () => ({
          kind: 'inventory',
          stock: [...inventory.skus].map(([sku, stock]) => ({ sku, ...stock })),
          reservations: inventory.reservations,
        }),
      };
    }
    case 'shipping': {
      const shipping = new Shipping(chance('refused', spec.refusals));
      return {
        name,
        service: style.shipping(shipping),
        books: () => ({ kind: 'shipping', parcels: shipping.parcels }),
      };
    }
  }
}

function styleOf(scenario: Scenario): Style {
  return specOf(scenario).style === 'orchestration' ? ORCHESTRATION : CHOREOGRAPHY;
}

function specOf({ name, saga: spec }: Scenario): SagaSpec {
  if (spec === undefined) throw new Error(`scenario ${name} does not say how its orders go`);
  return spec;
}

/** Of the topic of the load, which the order service consumes. */
function subscriptionOf({ plan }: Stage): string {
  return plan.scenario.topology.subscriptions[0] ?? 'order';
}
