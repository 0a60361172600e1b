import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sagaInvariants, type SagaBooks } from '../../src/measure/index.ts';

type Payment = SagaBooks['payments'] extends ReadonlyMap<string, infer P> ? P : never;

const PAID: Payment = { state: 'captured', amount: 500, authorisations: 1, captures: 1 };

/** A shop of five pieces in which one order was completed, one rejected and one cancelled. */
function shop(changes: Partial<SagaBooks> = {}): SagaBooks {
  return {
    orders: new Map([
      ['a', { outcome: 'completed', amount: 500, endedAgain: 0 }],
      ['b', { outcome: 'rejected', amount: 700, endedAgain: 0 }],
      ['c', { outcome: 'cancelled', amount: 900, endedAgain: 0 }],
    ]),
    payments: new Map([
      ['a', PAID],
      ['b', { state: 'declined', amount: 700, authorisations: 0, captures: 0 }],
      ['c', { state: 'voided', amount: 900, authorisations: 1, captures: 0 }],
    ]),
    stock: [{ sku: 0, initial: 5, onHand: 4, reserved: 0, sold: 1, least: 3 }],
    reservations: new Map([
      ['a', 'sold'],
      ['c', 'released'],
    ]),
    parcels: new Map([['a', 1]]),
    ...changes,
  };
}

function broken(changes: Partial<SagaBooks>): readonly string[] {
  return sagaInvariants(shop(changes), 9).flatMap(({ examples }) => examples);
}

function order(id: string, changes: object): Pick<SagaBooks, 'orders'> {
  const orders = new Map(shop().orders);
  orders.set(id, { outcome: 'completed', amount: 500, endedAgain: 0, ...changes });
  return { orders };
}

function payment(id: string, changes: Partial<Payment>): Pick<SagaBooks, 'payments'> {
  const payments = new Map(shop().payments);
  payments.set(id, { ...PAID, ...payments.get(id), ...changes });
  return { payments };
}

function stock(changes: Partial<SagaBooks['stock'][number]>): Pick<SagaBooks, 'stock'> {
  return { stock: shop().stock.map((each) => ({ ...each, ...changes })) };
}

describe('the books of a shop', () => {
  it('hold, where each order was paid and sent, or undone', () => {
    assert.deepEqual(broken({}), []);
  });

  for (const [given, changes, example] of [
    ['an order that has not ended', order('d', { outcome: undefined }), 'order d has not ended'],
    ['an order that ended twice', order('a', { endedAgain: 1 }), 'order a ended 2 times'],
    ['an article sold more often than there were', stock({ least: -1 }), 'article 0 was sold 1 times more'],
    [
      'a piece that is reserved for ever',
      stock({ reserved: 1, onHand: 3 }),
      'article 0 has 1 reserved in the end',
    ],
    ['a piece that is gone', stock({ onHand: 3 }), 'article 0: 3 on hand, 0 reserved and 1 sold of 5'],
    ['a payment taken twice', payment('a', { captures: 2 }), 'order a was paid 2 times'],
    ['a payment authorised twice', payment('a', { authorisations: 2 }), 'order a was authorised 2 times'],
    [
      'money kept for a cancelled order',
      payment('c', { state: 'captured', captures: 1 }),
      'order c is cancelled and',
    ],
    ['two parcels', { parcels: new Map([['a', 2]]) }, 'order a is completed, and 2 parcels left'],
    [
      'a parcel of an order that was cancelled',
      {
        parcels: new Map([
          ['a', 1],
          ['c', 1],
        ]),
      },
      'order c is cancelled, and 1',
    ],
    [
      'a void without a payment',
      payment('b', { state: 'voided' }),
      'order b: a payment was voided that was never made',
    ],
    [
      'stock kept for a cancelled order',
      {
        reservations: new Map([
          ['a', 'sold'],
          ['c', 'reserved'],
        ]),
      },
      'order c is cancelled, and its stock reserved',
    ],
  ] as const) {
    it(`do not, given ${given}`, () => {
      const examples = broken(changes as Partial<SagaBooks>);
      assert.ok(
        examples.some((each) => each.startsWith(example)),
        examples.join('\n'),
      );
    });
  }

  it('count every violation, and keep the first few examples', () => {
    const orders = new Map(
      Array.from(
        { length: 20 },
        (_, index) => [String(index), { outcome: undefined, amount: 1, endedAgain: 0 }] as const,
      ),
    );
    const [first] = sagaInvariants(
      shop({ orders, payments: new Map(), parcels: new Map(), reservations: new Map() }),
      3,
    );
    assert.deepEqual([first?.violations, first?.examples.length], [20, 3]);
  });
});
