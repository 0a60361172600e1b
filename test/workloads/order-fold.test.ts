import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compareOrders } from '../../src/measure/index.ts';
import { OrderFold } from '../../src/workloads/event-sourcing/order-fold.ts';

interface Event {
  readonly key: number;
  readonly keySequence: number;
}

const SEED = 7;

/** The first events of a key, in their order. */
function eventsOf(key: number, count: number): readonly Event[] {
  return Array.from({ length: count }, (_, keySequence) => ({ key, keySequence }));
}

function folded(events: readonly Event[]): ReturnType<OrderFold['account']> {
  const fold = new OrderFold(SEED);
  for (const event of events) fold.apply(event);
  return fold.account();
}

/** Several keys' events, each key's in its order, and the same again in a drawn interleaving with repetitions. */
const deliveries = fc
  .array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 })
  .chain((lengths) =>
    fc
      .array(fc.record({ turn: fc.nat(), back: fc.nat({ max: 40 }) }), { minLength: 200, maxLength: 200 })
      .map((draws) => {
        const straight = lengths.flatMap((length, key) => eventsOf(key, length));
        const next = lengths.map(() => 0);
        const interleaved: Event[] = [];
        for (const { turn, back } of draws) {
          const open = lengths.flatMap((length, key) => ((next[key] ?? 0) < length ? [key] : []));
          const key = open[turn % Math.max(1, open.length)];
          if (key === undefined) break;
          interleaved.push({ key, keySequence: next[key] ?? 0 });
          next[key] = (next[key] ?? 0) + 1;
          // delivered again, as from an earlier position
          const again = interleaved.at(-1 - back);
          if (again !== undefined) interleaved.push(again);
        }
        const rest = lengths.flatMap((length, key) => eventsOf(key, length).slice(next[key]));
        return { straight, delivered: [...interleaved, ...rest] };
      }),
  );

describe('the fold of events into orders', () => {
  it('given any interleaving of the aggregates and any repetitions, comes to the same state', () => {
    fc.assert(
      fc.property(deliveries, ({ straight, delivered }) => {
        const [once, again] = [folded(straight), folded(delivered)];
        assert.deepEqual(compareOrders(again.orders, once.orders, 5).examples, []);
        assert.equal(again.applied, straight.length);
        assert.equal(again.dropped, delivered.length - straight.length);
        assert.equal(again.skipped, 0);
      }),
    );
  });

  it('given two neighbours of a key in the wrong order, comes to another state and counts the gap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.nat(), (length, draw) => {
        const straight = eventsOf(1, length);
        const first = draw % (length - 1);
        const swapped = straight
          .with(first, straight[first + 1] ?? fail())
          .with(first + 1, straight[first] ?? fail());
        const found = folded(swapped);
        assert.deepEqual([found.skipped, found.dropped], [1, 1]);
        assert.equal(compareOrders(found.orders, folded(straight).orders, 5).differing, 1);
      }),
    );
  });

  it('given an event that is missing, comes to another state', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.nat(), (length, draw) => {
        const straight = eventsOf(1, length);
        const missing = folded(straight.toSpliced(draw % length, 1));
        assert.equal(compareOrders(missing.orders, folded(straight).orders, 5).differing, 1);
      }),
    );
  });

  it('given a whole life, the order is paid once, less its discount, and one parcel has left', () => {
    const { orders } = folded(eventsOf(3, 6));
    const { status, paid, parcels, refused, version } = orders.get(3) ?? fail();
    assert.ok(status === 'delivered' || status === 'returned');
    assert.equal(paid > 0, status === 'delivered');
    assert.deepEqual([parcels, refused, version], [1, 0, 6]);
  });

  it('given money that was worth another price before, the order of events matters: a discount is of what is there', () => {
    // placed, added, discounted; and the same with the discount before what is added
    const open = (events: readonly Event[]): number => folded(events).orders.get(1)?.open ?? 0;
    const three = eventsOf(1, 3);
    assert.notEqual(open(three), open([three[0] ?? fail(), three[2] ?? fail(), three[1] ?? fail()]));
  });
});

describe('the comparison of a projection with the log', () => {
  it('given an aggregate that one of them lacks, names it and what the other one has', () => {
    const { orders } = folded([...eventsOf(1, 1), ...eventsOf(2, 4)]);
    const { orders: one } = folded(eventsOf(1, 1));
    const { aggregates, differing, examples } = compareOrders(one, orders, 5);
    assert.deepEqual([aggregates, differing], [2, 1]);
    assert.match(examples[0] ?? '', /^key 2: projection has none; log version 4 of 4 events, paid, /);
    assert.equal(compareOrders(orders, one, 5).differing, 1);
  });

  it('given more that differ than are to be told, keeps the first few and counts all', () => {
    const { orders } = folded(Array.from({ length: 9 }, (_, key) => ({ key, keySequence: 0 })));
    const { differing, examples } = compareOrders(new Map(), orders, 2);
    assert.deepEqual([differing, examples.length], [9, 2]);
  });
});

function fail(): never {
  throw new Error('there is none');
}
