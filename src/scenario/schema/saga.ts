import { z } from 'zod';
import { count, share } from './quantities.ts';

/** How the orders of a shop go, for the workload saga. */
export const saga = z
  .strictObject({
    style: z
      .enum(['orchestration', 'choreography'])
      .describe(
        'orchestration: the order service tells the others what to do; choreography: each hears what others did. The steps are fixed by it, so that no saga can be written that goes round in circles',
      ),
    articles: count(1_000_000, 'articles that orders are for, by their key').prefault(1_000),
    stock: count(1_000_000_000, 'pieces of each article').prefault(1_000_000),
    declines: share('payments that are declined', '2%').prefault('0%'),
    refusals: share('parcels that the shipper refuses', '0.5%').prefault('0%'),
    crashes: share(
      'messages whose handling dies when its effect is there and nothing is sent yet',
      '1%',
    ).prefault('0%'),
    duplicates: share('messages between services that are sent twice', '0.1%').prefault('0%'),
    placing: z
      .enum(['direct', 'dual-write', 'outbox'])
      .default('direct')
      .describe(
        'direct: the order is the message; dual-write: it is written down, then published; outbox: it is written down together with what a relay publishes',
      ),
    placingCrashes: share('orders at whose placing the process dies at the worst moment', '1%').prefault(
      '0%',
    ),
    inbox: z
      .boolean()
      .default(true)
      .describe('whether services know a message again; false shows what happens without'),
  })
  .describe('saga only: how orders go');
