import { drawnShare, keyName, type Identity } from '../../load/index.ts';
import type { SchemaSpec, SchemaVersion } from '../../scenario/index.ts';

/** The event, as it is meant. Whoever knows the identity of a message and the seed knows it. */
export interface Order {
  readonly orderId: string;
  /** ms since 1970 */
  readonly placedAt: number;
  readonly customer: string;
  /** cents */
  readonly total: number;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  readonly channel: string;
}

interface OrderLine {
  readonly sku: string;
  readonly quantity: number;
  /** cents */
  readonly price: number;
}

/** What a version of the schema writes of an order, and what its reader has of it. */
export type OrderFields = Readonly<Record<string, unknown>>;

/** The fields of each version; those of v3 depend on what it breaks. */
const FIELDS = {
  v1: ['orderId', 'placedAt', 'customer', 'total', 'currency', 'lines'],
  v2: ['orderId', 'placedAt', 'customer', 'total', 'currency', 'lines', 'channel'],
} as const;

const CURRENCIES = ['EUR', 'USD', 'GBP'] as const;
const CHANNELS = ['web', 'app', 'store'] as const;

/** What schemas declare for a field that a writer does not know, in formats in which they can. */
export const DECLARED_DEFAULTS: OrderFields = { channel: 'unknown' };

/** 1 January 2026: events are made up, and the same in every run of a seed. */
const EPOCH_MS = 1_767_225_600_000;

/** What each version writes. */
export function fieldsOf(version: SchemaVersion, breaking: SchemaSpec['breaking']): readonly (keyof Order)[] {
  if (version !== 'v3') return FIELDS[version];
  return breaking === 'changed-unit' ? FIELDS.v2 : FIELDS.v2.filter((field) => field !== 'currency');
}

export function orderOf({ producer, sequence, key }: Identity, seed: number): Order {
  const orderId = `order-${producer}-${sequence}`;
  const draw = (what: string, below: number): number =>
    Math.floor(drawnShare(`${orderId} ${what}`, seed) * below);
  const lines = Array.from({ length: 1 + draw('lines', 3) }, (_, line) => ({
    sku: `sku-${draw(`sku ${line}`, 100_000)}`,
    quantity: 1 + draw(`quantity ${line}`, 5),
    price: 100 + draw(`price ${line}`, 20_000),
  }));
  return {
    orderId,
    placedAt: EPOCH_MS + sequence,
    customer: keyName(key),
    total: lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0),
    currency: oneOf(CURRENCIES, drawnShare(`${orderId} currency`, seed)),
    lines,
    channel: oneOf(CHANNELS, drawnShare(`${orderId} channel`, seed)),
  };
}

/** The order as a writer of that version has it. */
export function written(order: Order, version: SchemaVersion, breaking: SchemaSpec['breaking']): OrderFields {
  const fields = Object.fromEntries(fieldsOf(version, breaking).map((field) => [field, order[field]]));
  if (version !== 'v3' || breaking !== 'changed-unit') return fields;
  return { ...fields, total: Math.round(order.total / 100) };
}

function oneOf<T>(items: readonly [T, ...T[]], share: number): T {
  return items[Math.floor(share * items.length)] ?? items[0];
}
