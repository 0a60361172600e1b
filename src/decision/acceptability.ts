import { Random } from '../stats/index.ts';
import type { WeightDraw } from './weight-draws.ts';

/** A value from 0 to 1 that is known, or what it may be, each as likely as the others. */
export type UncertainValue = number | Float64Array;

/** What is not known for certain, and how often to draw it. */
export interface Uncertainty {
  /** an option a row, a criterion a column */
  readonly values: readonly (readonly UncertainValue[])[];
  /** several ways to draw weights, each judged by the same draws of values */
  readonly weights: readonly WeightDraw[];
  /** the error of a share is at most 1/√draws at 95 % */
  readonly draws: number;
  readonly seed: number;
}

/**
 * How often which option comes out where: SMAA-2 (Lahdelma and Salminen, Operations Research 49(3), 2001). Options with
 * equal totals share the better rank.
 */
export interface Acceptability {
  /** by option, then by rank from the first: share of the draws */
  readonly ranks: readonly (readonly number[])[];
  /** by option: the mean of the weights under which it is first; null where it never is */
  readonly centralWeights: readonly (readonly number[] | null)[];
  /** by option: how often it is first under its central weights; null where it has none */
  readonly confidence: readonly (number | null)[];
  /** by option, then by another: share of the draws in which the first is ahead of the other */
  readonly wins: readonly (readonly number[])[];
}

/** Draws for the confidence of each option, whose error is then at most 1 %. */
const CONFIDENCE_DRAWS = 10_000;

/** One for each way to draw weights. */
export function acceptability({ values, weights, draws, seed }: Uncertainty): readonly Acceptability[] {
  const criteria = values[0]?.length ?? 0;
  const sampler = new ValueSampler(values, criteria);
  const valueRandom = new Random(seed, 'values');
  const counts = weights.map((draw, index) => ({
    tally: new Tally(values.length, criteria),
    draw,
    random: new Random(seed, `weights ${index}`),
  }));
  const drawn = new Float64Array(criteria);
  const scores = new Float64Array(values.length);
  for (let round = 0; round < draws; round++) {
    sampler.draw(valueRandom);
    for (const { tally, draw, random } of counts) {
      draw(random, drawn);
      sampler.score(drawn, scores);
      tally.count(scores, drawn);
    }
  }
  const shares = counts.map(({ tally }) => tally.shares(draws));
  const confidences = confidence(
    sampler,
    shares.map(({ centralWeights }) => centralWeights),
    seed,
  );
  return shares.map((each, index) => ({ ...each, confidence: confidences[index] ?? [] }));
}

/** Who came out where so far. */
class Tally {
  readonly #options: number;
  readonly #criteria: number;
  /** an option a row */
  readonly #ranks: Float64Array;
  readonly #wins: Float64Array;
  readonly #weightSums: Float64Array;
  /** of one draw: how many are ahead of each */
  readonly #ahead: Int32Array;

  constructor(options: number, criteria: number) {
    this.#options = options;
    this.#criteria = criteria;
    this.#ranks = new Float64Array(options * options);
    this.#wins = new Float64Array(options * options);
    this.#weightSums = new Float64Array(options * criteria);
    this.#ahead = new Int32Array(options);
  }

  count(scores: Float64Array, weights: Float64Array): void {
    const [options, criteria, ahead] = [this.#options, this.#criteria, this.#ahead];
    ahead.fill(0);
    for (let one = 0; one < options; one++) {
      const own = scores[one] ?? 0;
      for (let other = one + 1; other < options; other++) {
        const lead = own - (scores[other] ?? 0);
        if (lead > EQUAL) {
          add(this.#wins, one * options + other, 1);
          add(ahead, other, 1);
        } else if (lead < -EQUAL) {
          add(this.#wins, other * options + one, 1);
          add(ahead, one, 1);
        }
      }
    }
    for (let option = 0; option < options; option++) {
      const rank = ahead[option] ?? 0;
      add(this.#ranks, option * options + rank, 1);
      if (rank > 0) continue;
      for (let criterion = 0; criterion < criteria; criterion++)
        add(this.#weightSums, option * criteria + criterion, weights[criterion] ?? 0);
    }
  }

  shares(draws: number): Omit<Acceptability, 'confidence'> {
    const row = (table: Float64Array, option: number, length: number): readonly number[] =>
      Array.from(table.subarray(option * length, (option + 1) * length));
    const share = (table: Float64Array): readonly (readonly number[])[] =>
      Array.from({ length: this.#options }, (_, option) =>
        row(table, option, this.#options).map((count) => count / draws),
      );
    return {
      ranks: share(this.#ranks),
      wins: share(this.#wins),
      centralWeights: Array.from({ length: this.#options }, (_, option) => {
        const firsts = this.#ranks[option * this.#options] ?? 0;
        const sums = row(this.#weightSums, option, this.#criteria);
        return firsts === 0 ? null : sums.map((sum) => sum / firsts);
      }),
    };
  }
}

/** Totals this near are equal: what differs is the order in which they were summed. */
const EQUAL = 1e-12;

/** Judged by the same draws of values, of each way to draw weights and each option. */
function confidence(
  sampler: ValueSampler,
  centralWeights: readonly Acceptability['centralWeights'][],
  seed: number,
): readonly Acceptability['confidence'][] {
  const random = new Random(seed, 'confidence');
  const counts = centralWeights.map((centrals) =>
    centrals.map((central) => (central === null ? null : { weights: Float64Array.from(central), firsts: 0 })),
  );
  for (let round = 0; round < CONFIDENCE_DRAWS; round++) {
    sampler.draw(random);
    for (const centrals of counts) {
      for (const [option, central] of centrals.entries()) {
        if (central === null) continue;
        if (sampler.isFirst(option, central.weights)) central.firsts++;
      }
    }
  }
  return counts.map((centrals) =>
    centrals.map((central) => (central === null ? null : central.firsts / CONFIDENCE_DRAWS)),
  );
}

/** Values of all options by all criteria, of which the uncertain ones are drawn. */
class ValueSampler {
  readonly #options: number;
  /** a criterion a row, so that the sums of the options go on side by side */
  readonly #values: Float64Array;
  /** places in `values` of those that are drawn */
  readonly #places: Int32Array;
  /** what they are drawn from, one after the other; for each, where that begins and how long it is */
  readonly #tables: Float64Array;
  readonly #starts: Int32Array;
  readonly #lengths: Int32Array;
  readonly #draws: Float64Array;

  constructor(values: readonly (readonly UncertainValue[])[], criteria: number) {
    this.#options = values.length;
    this.#values = new Float64Array(values.length * criteria);
    const places: number[] = [];
    const tables: Float64Array[] = [];
    for (const [option, row] of values.entries()) {
      for (const [criterion, value] of row.entries()) {
        const place = criterion * values.length + option;
        if (typeof value === 'number') this.#values[place] = value;
        else {
          places.push(place);
          tables.push(value);
        }
      }
    }
    this.#places = Int32Array.from(places);
    this.#lengths = Int32Array.from(tables, ({ length }) => length);
    this.#starts = new Int32Array(tables.length);
    this.#tables = new Float64Array(tables.reduce((sum, { length }) => sum + length, 0));
    let start = 0;
    for (const [index, table] of tables.entries()) {
      this.#starts[index] = start;
      this.#tables.set(table, start);
      start += table.length;
    }
    this.#draws = new Float64Array(tables.length);
  }

  draw(random: Random): void {
    const [values, places, tables, draws] = [this.#values, this.#places, this.#tables, this.#draws];
    const [starts, lengths] = [this.#starts, this.#lengths];
    random.fill(draws);
    for (let index = 0; index < draws.length; index++) {
      const at = (starts[index] ?? 0) + Math.floor((draws[index] ?? 0) * (lengths[index] ?? 0));
      values[places[index] ?? 0] = tables[at] ?? 0;
    }
  }

  score(weights: Float64Array, into: Float64Array): void {
    const [values, options] = [this.#values, this.#options];
    into.fill(0);
    for (let criterion = 0, index = 0; criterion < weights.length; criterion++) {
      const weight = weights[criterion] ?? 0;
      for (let option = 0; option < options; option++, index++)
        add(into, option, weight * (values[index] ?? 0));
    }
  }

  /** Whether no option is ahead of this one. */
  isFirst(option: number, weights: Float64Array): boolean {
    const own = this.#total(option, weights) + EQUAL;
    for (let other = 0; other < this.#options; other++) {
      if (other !== option && this.#total(other, weights) > own) return false;
    }
    return true;
  }

  #total(option: number, weights: Float64Array): number {
    let sum = 0;
    for (let criterion = 0, index = option; criterion < weights.length; criterion++, index += this.#options)
      sum += (weights[criterion] ?? 0) * (this.#values[index] ?? 0);
    return sum;
  }
}

function add(counts: Float64Array | Int32Array, index: number, amount: number): void {
  counts[index] = (counts[index] ?? 0) + amount;
}
