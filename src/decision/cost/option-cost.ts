import { formatRate } from '../../report/index.ts';
import type { Result } from '../../result/index.ts';
import { median } from '../../stats/index.ts';
import { didYouMean } from '../../yaml/index.ts';
import { counted } from '../counted.ts';
import type { CostSpec, OptionCosts } from '../decision.ts';
import { billedRequests, CHUNK_BYTES, zoneCrossings, type Expense } from './cost.ts';
import type { Price, PriceSheet } from './prices.ts';

/** What an option costs, and what that is made up of. */
export interface OptionCost {
  readonly option: string;
  /** undefined where something is missing: what is not known is no 0 */
  readonly expense: Expense | undefined;
  /** why it is incomplete, a line each */
  readonly missing: readonly string[];
  /** a line each: `3 × vm.large, 0.0816 USD an hour: three brokers` */
  readonly parts: readonly string[];
  /** names of the items it is made up of */
  readonly items: readonly string[];
  /** ISO date on which the oldest of its prices was read */
  readonly on: string;
}

/** Messages that one request can carry. */
const MOST_IN_A_REQUEST = 10;

interface Part {
  readonly perMonth: number;
  readonly perMessage: number;
  readonly told: string;
}

/**
 * @param sheet undefined: there is none
 * @param newestFirst in whose trials requests were counted
 * @param targets of the options
 */
export function optionCosts(
  spec: CostSpec,
  sheet: PriceSheet,
  newestFirst: readonly Result[],
  targets: ReadonlyMap<string, string | undefined>,
): readonly OptionCost[] {
  return Array.from(spec.options, ([option, costs]) =>
    new Bill(spec, sheet, newestFirst, targets.get(option)).of(option, costs),
  );
}

class Bill {
  readonly #spec: CostSpec;
  readonly #sheet: PriceSheet;
  readonly #results: readonly Result[];
  readonly #target: string | undefined;
  readonly #missing: string[] = [];

  constructor(spec: CostSpec, sheet: PriceSheet, results: readonly Result[], target: string | undefined) {
    this.#spec = spec;
    this.#sheet = sheet;
    this.#results = results;
    this.#target = target;
  }

  of(option: string, { monthly, perMessage, upToPerSecond }: OptionCosts): OptionCost {
    if (monthly.length + perMessage.length === 0) this.#lacks('nothing is said of what it costs');
    const parts = [
      ...monthly.flatMap((each) => this.#monthly(each) ?? []),
      ...perMessage.flatMap((each) => this.#perMessage(each) ?? []),
    ];
    const items = [...new Set([...monthly, ...perMessage].map(({ item }) => item))];
    const dates = items.flatMap((item) => this.#sheet.items[item]?.read ?? []).toSorted();
    const sum = (of: (part: Part) => number): number => parts.reduce((total, part) => total + of(part), 0);
    return {
      option,
      expense:
        this.#missing.length > 0
          ? undefined
          : {
              perMonth: sum((part) => part.perMonth),
              perMessage: sum((part) => part.perMessage),
              upToPerSecond,
            },
      missing: this.#missing,
      parts: parts.map(({ told }) => told),
      items,
      on: dates[0] ?? '',
    };
  }

  #monthly({ item, count, why }: OptionCosts['monthly'][number]): Part | undefined {
    const price = this.#price(item);
    if (price === undefined) return undefined;
    const each = {
      hour: this.#sheet.hoursPerMonth,
      month: 1,
      'GB-month': 1,
      GB: undefined,
      'million requests': undefined,
    }[price.per];
    if (each === undefined)
      return this.#lacks(`${item} is priced by ${price.per}, which is no cost of a month`);
    return {
      perMonth: count * each * price.price,
      perMessage: 0,
      told: `${count} × ${item}, ${this.#told(price)}${because(why)}`,
    };
  }

  #perMessage({ item, requests, copies, why }: OptionCosts['perMessage'][number]): Part | undefined {
    const price = this.#price(item);
    if (price === undefined) return undefined;
    switch (price.per) {
      case 'million requests': {
        if (requests === undefined) return this.#lacks(`${item} needs "requests"`);
        const found = this.#requests(requests);
        if (found === undefined) return undefined;
        return {
          perMonth: 0,
          perMessage: (found.count * price.price) / 1e6,
          told: `${found.count.toFixed(2)} requests a message${found.how}, ${this.#told(price)}${because(why)}`,
        };
      }
      case 'GB': {
        if (copies === undefined) return this.#lacks(`${item} needs "copies"`);
        const times = typeof copies === 'number' ? copies : zoneCrossings(copies);
        const how =
          typeof copies === 'number'
            ? ''
            : `, through ${counted(copies.zones, 'zone')} to ${counted(copies.replicas, 'replica')} and ${counted(copies.consumers, 'group')}`;
        return {
          perMonth: 0,
          perMessage: (times * this.#spec.messageBytes * price.price) / 1e9,
          told: `${Number(times.toFixed(2))} × each byte of a message${how}, ${item}, ${this.#told(price)}${because(why)}`,
        };
      }
      case 'hour':
      case 'month':
      case 'GB-month':
        return this.#lacks(`${item} is priced by ${price.per}, which is no cost of a message`);
    }
  }

  /** How many a message takes, and how that is known. */
  #requests(
    requests: NonNullable<OptionCosts['perMessage'][number]['requests']>,
  ): { readonly count: number; readonly how: string } | undefined {
    const { messageBytes } = this.#spec;
    if (typeof requests === 'number') return { count: requests, how: '' };
    if ('scenario' in requests) return this.#counted(requests.scenario);
    const { send, receive, delete: deleted } = requests;
    const how = ` (${send} sent, ${receive} received and ${deleted} deleted in one)`;
    return { count: billedRequests(requests, messageBytes), how };
  }

  /** The median over the trials, as the client counted them. */
  #counted(scenario: string): { readonly count: number; readonly how: string } | undefined {
    if (MOST_IN_A_REQUEST * this.#spec.messageBytes > CHUNK_BYTES)
      return this.#lacks(
        `requests were counted in ${scenario}, and one with ${MOST_IN_A_REQUEST} messages of this size may be billed several times; tell what a request carries: send, receive and delete`,
      );
    for (const { trials } of this.#results) {
      const own = trials.filter((trial) => trial.scenario === scenario && trial.target === this.#target);
      const counts = own.flatMap(({ resources }) => resources.requests?.perMessage ?? []);
      const count = median(counts);
      if (count === undefined) continue;
      const rate = median(own.map(({ measured }) => measured.deliveredRate)) ?? 0;
      const emulated = own.some(({ server }) => server.emulated) ? ' on an emulator' : '';
      return { count, how: `, counted in ${scenario} at ${formatRate(rate)}/s${emulated}` };
    }
    return this.#lacks(`no requests of ${this.#target ?? 'it'} were counted in ${scenario}`);
  }

  #price(item: string): Price | undefined {
    return (
      this.#sheet.items[item] ??
      this.#lacks(`no price for ${item}${didYouMean(item, Object.keys(this.#sheet.items))}`)
    );
  }

  #told({ price, per }: Price): string {
    return `${price} ${this.#sheet.currency} ${per === 'hour' ? 'an hour' : `a ${per}`}`;
  }

  #lacks(what: string): undefined {
    this.#missing.push(what);
  }
}

function because(why: string | undefined): string {
  return why === undefined ? '' : `: ${why}`;
}
