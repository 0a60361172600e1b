/** What has become of a customer's orders: the state of one aggregate, which events are folded into. Money in cents. */
export interface OrderState {
  /** the version of the latest event, plus one */
  readonly version: number;
  /** events that were folded into it */
  readonly applied: number;
  /** of them, those that are not possible in the state that they met, and changed nothing */
  readonly refused: number;
  readonly status: 'none' | 'placed' | 'paid' | 'shipped' | 'delivered' | 'returned';
  /** what the order that is open comes to */
  readonly open: number;
  /** what was paid for all orders, less what was given back */
  readonly paid: number;
  readonly parcels: number;
}

/** By key. */
export type Orders = ReadonlyMap<number, OrderState>;

/** What a fold came to, as plain data. */
export interface FoldAccount {
  readonly orders: Orders;
  readonly applied: number;
  /** events of a version that was there already: duplicates, and those that a later one had overtaken */
  readonly dropped: number;
  /** versions that were passed over, since a later event came first */
  readonly skipped: number;
}

/** How two folds of the same events differ. */
export interface Differences {
  readonly aggregates: number;
  readonly differing: number;
  /** the first few */
  readonly examples: readonly string[];
}

/** Compares what the projection has with what the log comes to, aggregate by aggregate. */
export function compareOrders(projection: Orders, log: Orders, maxExamples: number): Differences {
  const keys = [...new Set([...log.keys(), ...projection.keys()])].toSorted((a, b) => a - b);
  const differing = keys.filter((key) => !isSame(projection.get(key), log.get(key)));
  const examples = differing
    .slice(0, maxExamples)
    .map((key) => `key ${key}: projection ${tell(projection.get(key))}; log ${tell(log.get(key))}`);
  return { aggregates: keys.length, differing: differing.length, examples };
}

function isSame(a: OrderState | undefined, b: OrderState | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return FIELDS.every((field) => a[field] === b[field]);
}

const FIELDS = [
  'version',
  'applied',
  'refused',
  'status',
  'open',
  'paid',
  'parcels',
] as const satisfies readonly (keyof OrderState)[];

function tell(state: OrderState | undefined): string {
  if (state === undefined) return 'has none';
  const { version, applied, status, open, paid, parcels, refused } = state;
  return `version ${version} of ${applied} events, ${status}, ${open} open, ${paid} paid, ${parcels} parcels, ${refused} refused`;
}
