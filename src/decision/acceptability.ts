import { Random } from '../stats/index.ts';
import type { WeightDraw } from './weight-draws.ts';

/** A value from 0 to 1 that is known, or what it may be, each as likely as the others: at most 2^16 of them. */
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
  /** a row for each option, as the two that follow; a column for each rank */
  readonly #ranks: Float64Array;
  readonly #wins: Float64Array;
  readonly #weightSums: Float64Array;
  /** in the draw that is counted, how many are ahead of each */
  readonly #ahead: Uint32Array;

  constructor(options: number, criteria: number) {
    this.#options = options;
    this.#criteria = criteria;
    this.#ranks = new Float64Array(options * options);
    this.#wins = new Float64Array(options * options);
    this.#weightSums = new Float64Array(options * criteria);
    this.#ahead = new Uint32Array(options);
  }

  count(scores: Float64Array, weights: Float64Array): void {
    const [ahead, wins, options] = [this.#ahead, this.#wins, this.#options];
    ahead.fill(0);
    for (let one = 0; one < options; one++) {
      for (let other = one + 1; other < options; other++) {
        const lead = (scores[one] ?? 0) - (scores[other] ?? 0);
        if (lead > EQUAL) {
          add(wins, one * options + other, 1);
          add(ahead, other, 1);
        } else if (lead < -EQUAL) {
          add(wins, other * options + one, 1);
          add(ahead, one, 1);
        }
      }
    }
    for (let option = 0; option < options; option++) {
      const rank = ahead[option] ?? 0;
      add(this.#ranks, option * options + rank, 1);
      if (rank > 0) continue;
      const row = option * weights.length;
      for (let criterion = 0; criterion < weights.length; criterion++)
        add(this.#weightSums, row + criterion, weights[criterion] ?? 0);
    }
  }

  shares(draws: number): Omit<Acceptability, 'confidence'> {
    const rows = (of: Float64Array, columns: number): readonly Float64Array[] =>
      Array.from({ length: this.#options }, (_, option) =>
        of.subarray(option * columns, (option + 1) * columns),
      );
    const share = (counts: Float64Array): readonly number[] => Array.from(counts, (count) => count / draws);
    const ranks = rows(this.#ranks, this.#options);
    return {
      ranks: ranks.map(share),
      wins: rows(this.#wins, this.#options).map(share),
      centralWeights: rows(this.#weightSums, this.#criteria).map((sums, option) => {
        const firsts = ranks[option]?.[0] ?? 0;
        return firsts === 0 ? null : Array.from(sums, (sum) => sum / firsts);
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
        if (central !== null && sampler.isFirst(option, central.weights)) central.firsts++;
      }
    }
  }
  return counts.map((centrals) =>
    centrals.map((central) => (central === null ? null : central.firsts / CONFIDENCE_DRAWS)),
  );
}

/** Values of all options by all criteria, of which the uncertain ones are drawn. */
class ValueSampler {
  readonly #criteria: number;
  readonly #values: Float64Array;
  /** places in `values` of those that are drawn */
  readonly #places: Int32Array;
  /** what they are drawn from, one after the other; for each, where that begins and how long it is */
  readonly #tables: Float64Array;
  readonly #starts: Int32Array;
  readonly #lengths: Int32Array;
  /** of a draw: as many as the longest table needs, so that a random number is good for several */
  readonly #bits: number;
  readonly #draws: Uint32Array;

  constructor(values: readonly (readonly UncertainValue[])[], criteria: number) {
    this.#criteria = criteria;
    const flat = values.flat();
    this.#values = Float64Array.from(flat, (value) => (typeof value === 'number' ? value : Number.NaN));
    this.#places = Int32Array.from(
      flat.flatMap((value, place) => (typeof value === 'number' ? [] : [place])),
    );
    const tables = flat.filter((value) => typeof value !== 'number');
    this.#lengths = Int32Array.from(tables, ({ length }) => length);
    this.#starts = new Int32Array(tables.length);
    this.#tables = new Float64Array(tables.reduce((sum, { length }) => sum + length, 0));
    let start = 0;
    for (const [index, table] of tables.entries()) {
      this.#starts[index] = start;
      this.#tables.set(table, start);
      start += table.length;
    }
    this.#bits = bitsFor(Math.max(1, ...this.#lengths));
    this.#draws = new Uint32Array(Math.ceil(tables.length / Math.floor(32 / this.#bits)));
  }

  draw(random: Random): void {
    const [values, places, tables, draws] = [this.#values, this.#places, this.#tables, this.#draws];
    const [starts, lengths, bits] = [this.#starts, this.#lengths, this.#bits];
    const mask = 2 ** bits - 1;
    random.fill(draws);
    const fit = Math.floor(32 / bits);
    for (let word = 0, index = 0; word < draws.length; word++) {
      const end = Math.min(places.length, index + fit);
      for (let left = draws[word] ?? 0; index < end; index++, left >>>= bits) {
        const at = (starts[index] ?? 0) + (((left & mask) * (lengths[index] ?? 0)) >>> bits);
        values[places[index] ?? 0] = tables[at] ?? 0;
      }
    }
  }

  score(weights: Float64Array, into: Float64Array): void {
    for (let option = 0; option < into.length; option++) into[option] = this.#total(option, weights);
  }

  /** Whether no option has more. */
  isFirst(option: number, weights: Float64Array): boolean {
    const own = this.#total(option, weights);
    const options = this.#values.length / this.#criteria;
    for (let other = 0; other < options; other++)
      if (other !== option && this.#total(other, weights) > own + EQUAL) return false;
    return true;
  }

  #total(option: number, weights: Float64Array): number {
    const [values, criteria] = [this.#values, this.#criteria];
    // two sums, of which neither waits for the other
    let [even, odd] = [0, 0];
    let criterion = 0;
    let index = option * criteria;
    for (; criterion + 1 < criteria; criterion += 2, index += 2) {
      even += (weights[criterion] ?? 0) * (values[index] ?? 0);
      odd += (weights[criterion + 1] ?? 0) * (values[index + 1] ?? 0);
    }
    if (criterion < criteria) even += (weights[criterion] ?? 0) * (values[index] ?? 0);
    return even + odd;
  }
}

/** Of a draw from a table of so many values, of as few lengths as are worth it: 4, 3 or 2 draws to a random number. */
function bitsFor(length: number): number {
  if (length <= 2 ** 8) return 8;
  return length <= 2 ** 10 ? 10 : 16;
}

function add(counts: Float64Array | Uint32Array, index: number, amount: number): void {
  counts[index] = (counts[index] ?? 0) + amount;
}
