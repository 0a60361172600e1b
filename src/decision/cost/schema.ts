import { z } from 'zod';
import { name, parseRatePerSecond, parseSizeBytes, quantity } from '../../yaml/index.ts';
import { text } from '../schema-parts.ts';

const amount = z.number().min(0).max(1e9);

export const loadPerSecond = (description: string) =>
  quantity({
    noun: 'rate',
    parse: parseRatePerSecond,
    least: '0.001/s',
    most: '100000000/s',
    description,
    examples: ['1000/s'],
  });

const monthly = z.strictObject({
  item: text('of the price sheet', ['vm.large']),
  count: amount.describe('instances, GB or hours a month, by what the item is priced for'),
  why: text('what it is for', ['three brokers']).optional(),
});

const batch = z.int().min(1).max(10).describe('messages in a request');

const requests = z
  .union([
    amount,
    z.strictObject({ scenario: name('whose trials counted them', ['steady-state']) }),
    z.strictObject({
      send: batch,
      receive: batch,
      delete: batch,
      emptyReceives: amount.default(0).describe('that a message costs beside its own'),
    }),
  ])
  .describe(
    'of an item priced by requests: how many a message takes, where that was measured, or what a request carries',
  );

const whole = z.int().min(1).max(100);

const copies = z
  .union([
    amount,
    z
      .strictObject({
        zones: whole,
        replicas: whole.describe('each in a zone of its own'),
        consumers: z.int().min(0).max(1000).describe('groups that read from the leader'),
      })
      .refine(
        ({ zones, replicas }) => replicas <= zones,
        'each replica is in a zone of its own, so that there are at least as many zones as replicas',
      ),
  ])
  .describe('of an item priced by GB: how often a byte of a message counts, or what it crosses zones for');

const perMessage = z
  .strictObject({
    item: text('of the price sheet', ['sqs.standard.request', 'transfer.zone']),
    requests: requests.optional(),
    copies: copies.optional(),
    why: text('what it is for', ['replicas in two other zones']).optional(),
  })
  .refine(
    (part) => part.requests === undefined || part.copies === undefined,
    'an item is priced by requests or by GB; say "requests" or "copies"',
  );

/** What the options cost. */
export const costs = z
  .strictObject({
    prices: text('the price sheet, from this file', ['prices.yaml']),
    messageSize: quantity({
      noun: 'size',
      parse: parseSizeBytes,
      least: '1B',
      most: '64MiB',
      description: 'of a message on average',
      examples: ['1KiB'],
    }),
    loads: z.array(loadPerSecond('a load to tell the costs at')).min(1).max(10),
    options: z
      .record(
        z.string(),
        z.strictObject({
          monthly: z.array(monthly).default([]).describe('what it costs whatever the load'),
          perMessage: z.array(perMessage).default([]).describe('what each message costs'),
          upTo: loadPerSecond('up to which this is known to hold').optional(),
        }),
      )
      .describe('by option'),
  })
  .describe('what the options cost at some loads, by a dated price sheet');
