import { drawnShare, type Identity } from '../../load/index.ts';

/** What happens to the orders of a customer. */
export interface OrderEvent {
  readonly kind: 'placed' | 'added' | 'discounted' | 'paid' | 'shipped' | 'delivered' | 'returned';
  /** cents; of a discount, percent */
  readonly amount: number;
}

/** An order from its placing to its end; after it the customer places the next one. */
const LIFE = ['placed', 'added', 'discounted', 'paid', 'shipped', 'ended'] as const;

/** Of those that were shipped. */
const RETURNED_SHARE = 0.1;

/** The event that a message stands for, drawn from its own key and version: whoever reads it says the same of it. */
export function eventOf(
  { key, keySequence }: Pick<Identity, 'key' | 'keySequence'>,
  seed: number,
): OrderEvent {
  const drawn = drawnShare(`${key} ${keySequence}`, seed);
  const kind = LIFE[keySequence % LIFE.length] ?? 'placed';
  if (kind === 'ended') return { kind: drawn < RETURNED_SHARE ? 'returned' : 'delivered', amount: 0 };
  if (kind === 'discounted') return { kind, amount: 1 + Math.floor(drawn * 50) };
  return { kind, amount: 100 + Math.floor(drawn * 9_900) };
}
