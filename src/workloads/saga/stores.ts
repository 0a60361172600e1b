import type { Order } from './messages.ts';

/**
 * What each service keeps, in memory: it is the broker that is measured, and no database (as SPECjms has it). Each
 * operation is atomic, and counts how often it took effect, so that a second time shows.
 */

export interface PaymentState {
  state: 'authorised' | 'declined' | 'captured' | 'voided';
  readonly amount: number;
  authorisations: number;
  captures: number;
}

export class Payments {
  readonly orders = new Map<string, PaymentState>();
  readonly #declines: (order: Order) => boolean;

  constructor(declines: (order: Order) => boolean) {
    this.#declines = declines;
  }

  authorise(order: Order): 'authorised' | 'declined' {
    const known = this.orders.get(order.id);
    if (known !== undefined) {
      if (known.state !== 'declined') known.authorisations++;
      return known.state === 'declined' ? 'declined' : 'authorised';
    }
    const state = this.#declines(order) ? 'declined' : 'authorised';
    const authorisations = state === 'authorised' ? 1 : 0;
    this.orders.set(order.id, { state, amount: order.amount, authorisations, captures: 0 });
    return state;
  }

  capture({ id }: Order): void {
    const payment = this.orders.get(id);
    if (payment === undefined) return;
    payment.captures++;
    payment.state = 'captured';
  }

  void({ id }: Order): void {
    const payment = this.orders.get(id);
    if (payment !== undefined) payment.state = 'voided';
  }
}

export interface StockState {
  readonly initial: number;
  onHand: number;
  reserved: number;
  sold: number;
  /** the least that was ever on hand */
  least: number;
}

export class Inventory {
  readonly skus = new Map<number, StockState>();
  /** by order */
  readonly reservations = new Map<string, 'reserved' | 'refused' | 'released' | 'sold'>();
  readonly #stock: number;

  constructor(stock: number) {
    this.#stock = stock;
  }

  reserve({ id, sku }: Order): 'reserved' | 'out of stock' {
    const stock = this.#stockOf(sku);
    if (stock.onHand <= 0) {
      this.reservations.set(id, 'refused');
      return 'out of stock';
    }
    stock.onHand--;
    stock.reserved++;
    stock.least = Math.min(stock.least, stock.onHand);
    this.reservations.set(id, 'reserved');
    return 'reserved';
  }

  release({ id, sku }: Order): void {
    if (this.reservations.get(id) !== 'reserved') return;
    const stock = this.#stockOf(sku);
    stock.reserved--;
    stock.onHand++;
    this.reservations.set(id, 'released');
  }

  confirm({ id, sku }: Order): void {
    const stock = this.#stockOf(sku);
    stock.reserved--;
    stock.sold++;
    this.reservations.set(id, 'sold');
  }

  #stockOf(sku: number): StockState {
    let stock = this.skus.get(sku);
    if (stock === undefined) {
      stock = { initial: this.#stock, onHand: this.#stock, reserved: 0, sold: 0, least: this.#stock };
      this.skus.set(sku, stock);
    }
    return stock;
  }
}

export class Shipping {
  /** by order: parcels that left */
  readonly parcels = new Map<string, number>();
  readonly #refuses: (order: Order) => boolean;

  constructor(refuses: (order: Order) => boolean) {
    this.#refuses = refuses;
  }

  ship(order: Order): 'shipped' | 'shipping refused' {
    if (this.#refuses(order)) return 'shipping refused';
    this.parcels.set(order.id, (this.parcels.get(order.id) ?? 0) + 1);
    return 'shipped';
  }
}
