import type { Order, ParticipantName, SagaMessage, Step } from './messages.ts';
import { Inventory, Payments, Shipping } from './stores.ts';

/** How an order ends. */
export type Outcome = 'completed' | 'rejected' | 'cancelled';

/** Where each step is sent, and who hears of it. */
interface Channel {
  /** a part of the topic's name */
  readonly name: string;
  readonly listeners: readonly ParticipantName[];
}

/** What a service does about a message: what it sends, and whether the order is over. */
export interface Reaction {
  readonly sends: readonly Step[];
  readonly ends?: Outcome;
}

/** What a service says of an order. Idempotence is not its business: who calls it may call it once. */
export interface Service {
  /** undefined for what is not its business */
  on(message: SagaMessage): Reaction | undefined;
}

/** One way to have services work together on an order. */
export interface Style {
  readonly channels: readonly Channel[];
  /** the channel that a step is sent on; `place` comes from the customers, on the topic of the load */
  channelOf(step: Step): string;
  order(): Service;
  payment(payments: Payments): Service;
  inventory(inventory: Inventory): Service;
  shipping(shipping: Shipping): Service;
}

type Reactions = Partial<Record<Step, (order: Order) => Reaction>>;

function service(reactions: Reactions): Service {
  return { on: ({ step, order }) => reactions[step]?.(order) };
}

const tell = (...sends: readonly Step[]): Reaction => ({ sends });
const end = (ends: Outcome): Reaction => ({ sends: [], ends });

/** Commands, by the service that carries them out; all else is a reply. */
const COMMANDS: Partial<Record<Step, string>> = {
  authorise: 'payment',
  capture: 'payment',
  void: 'payment',
  reserve: 'inventory',
  release: 'inventory',
  confirm: 'inventory',
  ship: 'shipping',
};

/** Events, by the service that tells of them; all else comes from the order service. */
const EVENTS: Partial<Record<Step, string>> = {
  authorised: 'payments',
  declined: 'payments',
  captured: 'payments',
  voided: 'payments',
  reserved: 'inventory',
  'out of stock': 'inventory',
  released: 'inventory',
  confirmed: 'inventory',
  shipped: 'shipping',
  'shipping refused': 'shipping',
};

/**
 * The order service tells each of the others what to do, and they answer. After the parcel has left nothing may fail
 * for good (the pivot); before, what took effect is undone in reverse.
 */
export const ORCHESTRATION: Style = {
  channels: [
    { name: 'payment', listeners: ['payment'] },
    { name: 'inventory', listeners: ['inventory'] },
    { name: 'shipping', listeners: ['shipping'] },
    { name: 'replies', listeners: ['order'] },
  ],
  channelOf: (step) => COMMANDS[step] ?? 'replies',
  order() {
    // of orders whose payment is being voided: how they end then
    const voiding = new Map<string, Outcome>();
    const giveBack =
      (outcome: Outcome) =>
      ({ id }: Order): Reaction => {
        voiding.set(id, outcome);
        return tell('void');
      };
    return service({
      place: () => tell('authorise'),
      authorised: () => tell('reserve'),
      declined: () => end('rejected'),
      reserved: () => tell('ship'),
      'out of stock': giveBack('rejected'),
      shipped: () => tell('capture'),
      'shipping refused': () => tell('release'),
      released: giveBack('cancelled'),
      captured: () => tell('confirm'),
      confirmed: () => end('completed'),
      voided: ({ id }) => {
        const outcome = voiding.get(id) ?? 'rejected';
        voiding.delete(id);
        return end(outcome);
      },
    });
  },
  payment: (payments) =>
    service({
      authorise: (order) => tell(payments.authorise(order)),
      capture: (order) => {
        payments.capture(order);
        return tell('captured');
      },
      void: (order) => {
        payments.void(order);
        return tell('voided');
      },
    }),
  inventory: (inventory) =>
    service({
      reserve: (order) => tell(inventory.reserve(order)),
      release: (order) => {
        inventory.release(order);
        return tell('released');
      },
      confirm: (order) => {
        inventory.confirm(order);
        return tell('confirmed');
      },
    }),
  shipping: (shipping) => service({ ship: (order) => tell(shipping.ship(order)) }),
};

/** Each service hears what the others did, and does its part. */
export const CHOREOGRAPHY: Style = {
  channels: [
    { name: 'orders', listeners: ['payment'] },
    { name: 'payments', listeners: ['inventory', 'order'] },
    { name: 'inventory', listeners: ['shipping', 'payment', 'order'] },
    { name: 'shipping', listeners: ['payment', 'inventory'] },
  ],
  channelOf: (step) => EVENTS[step] ?? 'orders',
  order() {
    // a cancelled order is over when its stock is released and its payment voided, in whichever order it hears of it
    const released = new Set<string>();
    const voided = new Set<string>();
    const outOfStock = new Set<string>();
    const undone = ({ id }: Order): Reaction => {
      if (outOfStock.has(id) && voided.has(id)) return end('rejected');
      return released.has(id) && voided.has(id) ? end('cancelled') : tell();
    };
    const noting =
      (seen: Set<string>) =>
      (order: Order): Reaction => {
        seen.add(order.id);
        return undone(order);
      };
    return service({
      place: () => tell('authorise'),
      declined: () => end('rejected'),
      'out of stock': noting(outOfStock),
      released: noting(released),
      voided: noting(voided),
      confirmed: () => end('completed'),
    });
  },
  payment: (payments) => {
    const giveBack = (order: Order): Reaction => {
      payments.void(order);
      return tell('voided');
    };
    return service({
      authorise: (order) => tell(payments.authorise(order)),
      'out of stock': giveBack,
      'shipping refused': giveBack,
      shipped: (order) => {
        payments.capture(order);
        return tell('captured');
      },
    });
  },
  inventory: (inventory) =>
    service({
      authorised: (order) => tell(inventory.reserve(order)),
      'shipping refused': (order) => {
        inventory.release(order);
        return tell('released');
      },
      captured: (order) => {
        inventory.confirm(order);
        return tell('confirmed');
      },
    }),
  shipping: (shipping) => service({ reserved: (order) => tell(shipping.ship(order)) }),
};
