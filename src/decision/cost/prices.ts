import { z } from 'zod';
import { parseDocument, problemAt, validateDocument, type YamlDocument } from '../../yaml/index.ts';
import { date, text } from '../schema-parts.ts';

/** What things cost, as somebody has read it somewhere on some day. */
export interface PriceSheet {
  readonly file: string;
  readonly currency: string;
  readonly region: string | undefined;
  readonly hoursPerMonth: number;
  readonly items: Readonly<Record<string, Price>>;
}

export interface Price {
  readonly price: number;
  readonly per: (typeof PER)[number];
  readonly source: string;
  /** ISO date */
  readonly read: string;
  readonly note?: string | undefined;
}

/** What a price is for. A GB is 10⁹ bytes. */
const PER = ['million requests', 'GB', 'GB-month', 'hour', 'month'] as const;

/** Writes schemas/prices.schema.json. */
export const pricesSchema = z
  .strictObject({
    currency: text('of all prices', ['USD']),
    region: text('where they hold', ['us-east-1']).optional(),
    hoursPerMonth: z.number().min(600).max(750).default(730),
    items: z
      .record(
        z.string().regex(/^[a-z0-9][a-z0-9.-]{0,59}$/),
        z.strictObject({
          price: z.number().min(0),
          per: z.enum(PER).describe('a GB is 10⁹ bytes'),
          source: z.url(),
          read: date('when it was read there'),
          note: text('what it leaves out', ['first million of a month free']).optional(),
        }),
      )
      .describe('by name'),
  })
  .meta({ title: 'price sheet', description: 'What things cost, with where and when that was read' });

/**
 * @param file how to call it in errors
 * @throws InvalidDocument with every problem at its line and column
 */
export function parsePrices(source: string, file: string): PriceSheet {
  return readPrices(parseDocument(source, file, 'prices'));
}

/** What a price sheet has, for who only wants to know whether it is valid. @throws InvalidDocument */
export function readPriceContents(document: YamlDocument): {
  readonly items: readonly string[];
  readonly currency: string;
} {
  const { items, currency } = readPrices(document);
  return { items: Object.keys(items), currency };
}

function readPrices(document: YamlDocument): PriceSheet {
  const { value } = validateDocument(document, pricesSchema, (section, { items }) =>
    Object.keys(items).length === 0 ? [problemAt(section, ['items'], 'empty', 'has no price')] : [],
  );
  return { file: document.file, ...value, region: value.region };
}
