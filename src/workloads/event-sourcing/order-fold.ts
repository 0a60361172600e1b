import type { Identity } from '../../load/index.ts';
import type { FoldAccount, OrderState } from '../../measure/index.ts';
import { eventOf, type OrderEvent } from './order-event.ts';

/** A customer of whom nothing is known yet. */
const NOBODY: OrderState = {
  version: 0,
  applied: 0,
  refused: 0,
  status: 'none',
  open: 0,
  paid: 0,
  parcels: 0,
};

/**
 * Folds events into the state of their aggregates, each at most once: a version that is there already is dropped, as
 * delivery is at least once; one that is missing is passed over and counted. So what is folded out of order, or not at
 * all, comes to another state.
 */
export class OrderFold {
  readonly #seed: number;
  readonly #orders = new Map<number, OrderState>();
  #applied = 0;
  #dropped = 0;
  #skipped = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  apply(identity: Pick<Identity, 'key' | 'keySequence'>): 'applied' | 'dropped' {
    const { key, keySequence } = identity;
    const before = this.#orders.get(key) ?? NOBODY;
    if (keySequence < before.version) {
      this.#dropped++;
      return 'dropped';
    }
    this.#skipped += keySequence - before.version;
    this.#applied++;
    this.#orders.set(key, {
      ...after(before, eventOf(identity, this.#seed)),
      version: keySequence + 1,
      applied: before.applied + 1,
    });
    return 'applied';
  }

  /** Shares its memory with the fold, which must not go on. */
  account(): FoldAccount {
    return {
      orders: this.#orders,
      applied: this.#applied,
      dropped: this.#dropped,
      skipped: this.#skipped,
    };
  }
}

function after(state: OrderState, { kind, amount }: OrderEvent): OrderState {
  const { status, open, paid } = state;
  switch (kind) {
    case 'placed':
      if (status !== 'none' && status !== 'delivered' && status !== 'returned') break;
      return { ...state, status: 'placed', open: amount };
    case 'added':
      if (status !== 'placed') break;
      return { ...state, open: open + amount };
    case 'discounted':
      if (status !== 'placed') break;
      return { ...state, open: open - Math.floor((open * amount) / 100) };
    case 'paid':
      if (status !== 'placed') break;
      return { ...state, status: 'paid', paid: paid + open };
    case 'shipped':
      if (status !== 'paid') break;
      return { ...state, status: 'shipped', parcels: state.parcels + 1 };
    case 'delivered':
      if (status !== 'shipped') break;
      return { ...state, status: 'delivered', open: 0 };
    case 'returned':
      if (status !== 'shipped') break;
      return { ...state, status: 'returned', open: 0, paid: paid - open };
  }
  return { ...state, refused: state.refused + 1 };
}
