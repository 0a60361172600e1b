import { LatencyHistogram, sagaInvariants, type Books, type SagaBooks } from '../measure/index.ts';
import type { TrialResult } from '../result/index.ts';
import type { TrialRecord } from './trial.ts';

/** Examples of a broken invariant that are kept. */
const MAX_EXAMPLES = 5;

/** What became of the orders, by the books of all services; null for another workload, or books that are not whole. */
export function sagaOf({ plan, reports, interrupted }: TrialRecord): TrialResult['saga'] {
  const { saga } = plan.scenario;
  if (saga === undefined || interrupted) return null;
  const participants = reports.flatMap(({ participant }) => participant ?? []);
  const all = participants.map(({ books }) => books);
  const [order, payment] = [bookOf(all, 'order'), bookOf(all, 'payment')];
  const [inventory, shipping] = [bookOf(all, 'inventory'), bookOf(all, 'shipping')];
  if (order === undefined || payment === undefined || inventory === undefined || shipping === undefined)
    return null;
  const books: SagaBooks = { ...order, ...payment, ...inventory, ...shipping };
  const ended = (outcome: string | undefined): number =>
    [...books.orders.values()].filter((each) => each.outcome === outcome).length;
  const messages = participants.reduce((sum, { sent }) => sum + sent, 0);
  const started = books.orders.size;
  return {
    style: saga.style,
    started,
    completed: ended('completed'),
    rejected: ended('rejected'),
    cancelled: ended('cancelled'),
    unended: ended(undefined),
    sold: books.stock.reduce((sum, { sold }) => sum + sold, 0),
    messages,
    messagesPerOrder: started === 0 ? null : messages / started,
    ignored: participants.reduce((sum, { ignored }) => sum + ignored, 0),
    invariants: sagaInvariants(books, MAX_EXAMPLES).map((each) => ({
      ...each,
      examples: [...each.examples],
    })),
    latency: {
      completed: LatencyHistogram.decode(order.latency.completed).summary(),
      rejected: LatencyHistogram.decode(order.latency.rejected).summary(),
      cancelled: LatencyHistogram.decode(order.latency.cancelled).summary(),
    },
  };
}

function bookOf<Kind extends Books['kind']>(
  all: readonly Books[],
  kind: Kind,
): Extract<Books, { readonly kind: Kind }> | undefined {
  return all.find((each): each is Extract<Books, { readonly kind: Kind }> => each.kind === kind);
}
