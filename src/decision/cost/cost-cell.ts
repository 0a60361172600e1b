import { statedCell, type Cell } from '../cell.ts';
import { costPerMillion } from './cost.ts';
import type { OptionCost } from './option-cost.ts';
import type { PriceSheet } from './prices.ts';

/** What a million messages cost an option at a load, as its score; unknown where something is missing, never 0. */
export function costCell(
  cost: OptionCost | undefined,
  prices: PriceSheet | undefined,
  atPerSecond: number,
): Cell {
  const unknown = (reason: string): Cell => statedCell({ kind: 'unknown', reason });
  if (cost === undefined || prices === undefined) return unknown('nobody has said what it costs');
  if (cost.expense === undefined) return unknown(`incomplete: ${cost.missing.join('; ')}`);
  const raw = costPerMillion(cost.expense, atPerSecond, prices.hoursPerMonth);
  if (raw === undefined)
    return unknown(`beyond the ${cost.expense.upToPerSecond}/s up to which its costs are known`);
  const source = { kind: 'cost', atPerSecond, items: cost.items, on: cost.on } as const;
  return { raw, spread: { kind: 'none' }, source, notes: [] };
}
