/** What a load came to at one rate. */
export type Fit =
  /** the objective was met and the load carried */
  | 'fits'
  /** it was not, and the broker was the limit */
  | 'too much'
  /** it was not, and mqbench was */
  | 'too much for mqbench';

/** The search's answer. Rates in messages per second. */
export interface Capacity {
  /** the highest rate that fits; 0 where the least that may be tried does not */
  readonly perSecond: number;
  /** most trials at it fit; 0 where none did */
  readonly fitsPerSecond: number;
  /** most trials at it did not; undefined where the most that may be tried fits */
  readonly tooMuchPerSecond: number | undefined;
  /** what held at `tooMuchPerSecond` */
  readonly limit: 'broker' | 'mqbench' | 'none found';
  /** whether `fitsPerSecond` and `tooMuchPerSecond` are within what was asked, by repeated trials */
  readonly isConfirmed: boolean;
}

export interface SearchOptions {
  /** where to begin */
  readonly startPerSecond: number;
  readonly leastPerSecond: number;
  readonly mostPerSecond: number;
  /** how near to the true rate, as a share of it */
  readonly precision: number;
  /** trials on either side of the rate, of which most decide */
  readonly repeats: number;
}

/** So often the rate may be moved when the repeated trials contradict the search. */
const MOST_MOVES = 6;

/**
 * Looks for the highest rate that fits: doubles or halves from the start until one fits and one does not, halves the
 * distance between their logarithms until it is within the precision, and then tries a little less and a little more
 * several times. Where those contradict what came before, the rate moves and they are made again: a single trial may
 * be lucky or not.
 *
 * @param probe tries a rate, on fresh topics
 */
export async function searchCapacity(
  probe: (perSecond: number) => Promise<Fit>,
  options: SearchOptions,
): Promise<Capacity> {
  const { leastPerSecond, mostPerSecond, precision } = options;
  const [fits, tooMuch] = await bracket(probe, options);
  if (fits === undefined) return found({ fits: 0, tooMuch, isConfirmed: true });
  if (tooMuch === undefined) return found({ fits, tooMuch, isConfirmed: true });
  let rate = await narrow(probe, fits, tooMuch.perSecond, precision);
  const votes = new Votes(probe, options.repeats);
  for (let move = 0; move <= MOST_MOVES; move++) {
    const below = await votes.at(clamp(rate * (1 - precision), leastPerSecond, mostPerSecond));
    if (below.fit !== 'fits') {
      rate *= 1 - precision;
      continue;
    }
    const above = await votes.at(clamp(rate * (1 + precision), leastPerSecond, mostPerSecond));
    if (above.fit !== 'fits')
      return found({ fits: below.perSecond, tooMuch: above, isConfirmed: true, rate });
    rate *= 1 + precision;
  }
  return found({ ...votes.extremes(), isConfirmed: false });
}

interface Vote {
  readonly perSecond: number;
  readonly fit: Fit;
}

/** The highest rate that fits and the lowest that does not, a factor of two apart; undefined at the ends of what may be tried. */
async function bracket(
  probe: (perSecond: number) => Promise<Fit>,
  { startPerSecond, leastPerSecond, mostPerSecond }: SearchOptions,
): Promise<readonly [fits: number | undefined, tooMuch: Vote | undefined]> {
  let rate = clamp(startPerSecond, leastPerSecond, mostPerSecond);
  let fits: number | undefined;
  let tooMuch: Vote | undefined;
  while (fits === undefined || tooMuch === undefined) {
    const fit = await probe(rate);
    if (fit === 'fits') fits = rate;
    else tooMuch = { perSecond: rate, fit };
    if (fit === 'fits' && (rate >= mostPerSecond || tooMuch !== undefined)) break;
    if (fit !== 'fits' && (rate <= leastPerSecond || fits !== undefined)) break;
    rate = clamp(fit === 'fits' ? rate * 2 : rate / 2, leastPerSecond, mostPerSecond);
  }
  return [fits, tooMuch];
}

/** The middle, by logarithm, of two rates between which the highest that fits lies, within the precision. */
async function narrow(
  probe: (perSecond: number) => Promise<Fit>,
  fits: number,
  tooMuch: number,
  precision: number,
): Promise<number> {
  let [low, high] = [fits, tooMuch];
  while (high / low > 1 + precision) {
    const middle = Math.sqrt(low * high);
    if ((await probe(middle)) === 'fits') low = middle;
    else high = middle;
  }
  return Math.sqrt(low * high);
}

/** Repeated trials, by rate. */
class Votes {
  readonly #probe: (perSecond: number) => Promise<Fit>;
  readonly #repeats: number;
  readonly #votes: Vote[] = [];

  constructor(probe: (perSecond: number) => Promise<Fit>, repeats: number) {
    this.#probe = probe;
    this.#repeats = repeats;
  }

  /** What most trials at the rate came to; no more are made than decide it. */
  async at(perSecond: number): Promise<Vote> {
    const needed = Math.floor(this.#repeats / 2) + 1;
    const counts = { fits: 0, not: 0 };
    let why: Fit = 'too much';
    while (counts.fits < needed && counts.not < needed) {
      const fit = await this.#probe(perSecond);
      if (fit === 'fits') counts.fits++;
      else {
        counts.not++;
        why = fit;
      }
    }
    const vote = { perSecond, fit: counts.fits >= needed ? 'fits' : why } as const;
    this.#votes.push(vote);
    return vote;
  }

  /** What is certain where the trials never agreed. */
  extremes(): { readonly fits: number; readonly tooMuch: Vote | undefined } {
    const fitting = this.#votes.filter(({ fit }) => fit === 'fits').map(({ perSecond }) => perSecond);
    const not = this.#votes.filter(({ fit }) => fit !== 'fits').toSorted((a, b) => a.perSecond - b.perSecond);
    const tooMuch = not.at(-1);
    // what did not fit once is no proof that less does
    const fits = Math.max(0, ...fitting.filter((each) => not.every(({ perSecond }) => each < perSecond)));
    return { fits, tooMuch };
  }
}

function found(what: {
  readonly fits: number;
  readonly tooMuch: Vote | undefined;
  readonly isConfirmed: boolean;
  readonly rate?: number;
}): Capacity {
  const { fits, tooMuch, isConfirmed, rate = fits } = what;
  const limits = { fits: 'none found', 'too much': 'broker', 'too much for mqbench': 'mqbench' } as const;
  return {
    perSecond: rate,
    fitsPerSecond: fits,
    tooMuchPerSecond: tooMuch?.perSecond,
    limit: limits[tooMuch?.fit ?? 'fits'],
    isConfirmed,
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
