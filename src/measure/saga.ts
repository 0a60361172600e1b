import type { EncodedLatency } from './latency.ts';

/** What one service has in the end, as plain data. */
export type Books =
  | {
      readonly kind: 'order';
      readonly orders: SagaBooks['orders'];
      readonly latency: Readonly<Record<'completed' | 'rejected' | 'cancelled', EncodedLatency>>;
    }
  | { readonly kind: 'payment'; readonly payments: SagaBooks['payments'] }
  | {
      readonly kind: 'inventory';
      readonly stock: SagaBooks['stock'];
      readonly reservations: SagaBooks['reservations'];
    }
  | { readonly kind: 'shipping'; readonly parcels: SagaBooks['parcels'] };

/** A service's share of a trial, as plain data. */
export interface ParticipantAccount {
  readonly name: string;
  /** messages sent to other services, and acknowledged */
  readonly sent: number;
  /** messages that came again, and had no effect again */
  readonly ignored: number;
  /** messages kept in order to know them again */
  readonly inboxSize: number;
  readonly books: Books;
}

/** What the services of a trial have of each order in the end. */
export interface SagaBooks {
  /** how each order ended, by the order service; undefined: not at all */
  readonly orders: ReadonlyMap<string, OrderEntry>;
  readonly payments: ReadonlyMap<string, PaymentEntry>;
  readonly stock: readonly StockEntry[];
  readonly reservations: ReadonlyMap<string, 'reserved' | 'refused' | 'released' | 'sold'>;
  readonly parcels: ReadonlyMap<string, number>;
}

interface OrderEntry {
  readonly outcome: 'completed' | 'rejected' | 'cancelled' | undefined;
  /** cents */
  readonly amount: number;
  /** further endings after the first */
  readonly endedAgain: number;
}

interface PaymentEntry {
  readonly state: 'authorised' | 'declined' | 'captured' | 'voided';
  readonly amount: number;
  readonly authorisations: number;
  readonly captures: number;
}

interface StockEntry {
  readonly sku: number;
  readonly initial: number;
  readonly onHand: number;
  readonly reserved: number;
  readonly sold: number;
  readonly least: number;
}

/** Something that has to hold of a shop, and where it does not. */
interface Invariant {
  readonly name: string;
  readonly violations: number;
  /** the first few */
  readonly examples: readonly string[];
}

/**
 * Looks through the books when nothing is under way any more.
 * @param maxExamples kept of each invariant
 */
export function sagaInvariants(books: SagaBooks, maxExamples: number): readonly Invariant[] {
  return [
    oneEnding(books),
    stockIsThere(books),
    moneyAddsUp(books),
    oneParcel(books),
    undoneWhatWasDone(books),
  ].map(({ name, found }) => ({ name, violations: found.length, examples: found.slice(0, maxExamples) }));
}

interface Finding {
  readonly name: string;
  readonly found: readonly string[];
}

function oneEnding({ orders }: SagaBooks): Finding {
  const found = [...orders].flatMap(([id, { outcome, endedAgain }]) => {
    if (outcome === undefined) return [`order ${id} has not ended`];
    return endedAgain > 0 ? [`order ${id} ended ${endedAgain + 1} times`] : [];
  });
  return { name: 'each order ends once', found };
}

function stockIsThere({ stock }: SagaBooks): Finding {
  const found = stock.flatMap(({ sku, initial, onHand, reserved, sold, least }) => [
    ...(least < 0 ? [`article ${sku} was sold ${-least} times more than there were`] : []),
    ...(reserved !== 0 ? [`article ${sku} has ${reserved} reserved in the end`] : []),
    ...(onHand + reserved + sold === initial
      ? []
      : [`article ${sku}: ${onHand} on hand, ${reserved} reserved and ${sold} sold of ${initial}`]),
  ]);
  return { name: 'stock is sold once, and none is left reserved', found };
}

function moneyAddsUp({ orders, payments }: SagaBooks): Finding {
  const perOrder = [...payments].flatMap(([id, { state, authorisations, captures }]) => {
    const outcome = orders.get(id)?.outcome;
    const wrongs: string[] = [];
    if (authorisations > 1) wrongs.push(`order ${id} was authorised ${authorisations} times`);
    if (captures > 1) wrongs.push(`order ${id} was paid ${captures} times`);
    if ((outcome === 'completed') !== (state === 'captured'))
      wrongs.push(`order ${id} is ${outcome ?? 'not over'} and its payment ${state}`);
    return wrongs;
  });
  const captured = [...payments.values()].reduce((sum, each) => sum + each.captures * each.amount, 0);
  const due = [...orders.values()].reduce(
    (sum, { outcome, amount }) => sum + (outcome === 'completed' ? amount : 0),
    0,
  );
  const total = captured === due ? [] : [`${captured} were paid, and ${due} are due`];
  return { name: 'what is paid is what completed orders cost', found: [...perOrder, ...total] };
}

function oneParcel({ orders, parcels }: SagaBooks): Finding {
  const found = [...orders].flatMap(([id, { outcome }]) => {
    const count = parcels.get(id) ?? 0;
    const expected = outcome === 'completed' ? 1 : 0;
    return outcome === undefined || count === expected
      ? []
      : [`order ${id} is ${outcome}, and ${count} parcels left`];
  });
  return { name: 'one parcel leaves for each completed order, and none for others', found };
}

function undoneWhatWasDone({ payments, reservations, orders }: SagaBooks): Finding {
  const voided = [...payments].flatMap(([id, { state, authorisations }]) =>
    state === 'voided' && authorisations === 0
      ? [`order ${id}: a payment was voided that was never made`]
      : [],
  );
  const kept = [...reservations].flatMap(([id, state]) => {
    const outcome = orders.get(id)?.outcome;
    const wanted = { completed: 'sold', cancelled: 'released', rejected: 'refused' } as const;
    return outcome === undefined || wanted[outcome] === state
      ? []
      : [`order ${id} is ${outcome}, and its stock ${state}`];
  });
  return { name: 'what took effect is undone, and nothing else', found: [...voided, ...kept] };
}
