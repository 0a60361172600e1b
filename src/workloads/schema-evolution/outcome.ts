import type { SchemaOutcome } from '../../measure/index.ts';
import type { Order, OrderFields } from './order.ts';

/** What a comparison needs to know of the two schemas. */
export interface Versions {
  readonly writes: readonly (keyof Order)[];
  readonly reads: readonly (keyof Order)[];
  /** what the reader's schema declares for a field that is not there */
  readonly defaults: OrderFields;
}

/** What a reader made of an event, field by field against what was meant; and of what is wrong an example. */
export function outcomeOf(
  meant: Order,
  view: OrderFields,
  { writes, reads, defaults }: Versions,
): { readonly outcome: SchemaOutcome; readonly example: string | undefined } {
  let defaulted: string | undefined;
  for (const field of reads) {
    if (isSame(meant[field], view[field])) continue;
    const isDefault = !writes.includes(field) && field in defaults && view[field] === defaults[field];
    const example = `${field} is ${told(view[field])} instead of ${told(meant[field])}`;
    if (!isDefault) return { outcome: 'silentlyWrong', example };
    defaulted ??= example;
  }
  if (defaulted !== undefined) return { outcome: 'defaulted', example: defaulted };
  const dropped = writes.find((field) => !reads.includes(field));
  if (dropped === undefined) return { outcome: 'ok', example: undefined };
  return { outcome: 'droppedField', example: `${dropped} is ${told(meant[dropped])}, and dropped` };
}

/** Decoders give objects of classes of their own, so that fields are compared, and nothing else. */
function isSame(meant: unknown, found: unknown): boolean {
  if (typeof meant !== 'object' || meant === null) return meant === found;
  if (typeof found !== 'object' || found === null) return false;
  const [a, b] = [Object.entries(meant), new Map(Object.entries(found))];
  return a.length === b.size && a.every(([field, value]) => isSame(value, b.get(field)));
}

function told(value: unknown): string {
  return JSON.stringify(value) ?? 'not there';
}
