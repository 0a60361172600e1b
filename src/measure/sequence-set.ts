/** Sequence numbers a page covers. */
const PAGE_SIZE = 65_536;
const WORDS = PAGE_SIZE / 32;
/** A page this far behind the newest, with few holes left, is kept as the list of its holes. */
const HORIZON_PAGES = 4;
const FEW_HOLES = PAGE_SIZE / 16;

/** Every number of the page is in. */
type FullPage = { readonly kind: 'full' };
type BitPage = { readonly kind: 'bits'; readonly words: Uint32Array; count: number };
/** All but these are in; sorted. */
type HolePage = { readonly kind: 'holes'; holes: Uint16Array };
type Page = FullPage | BitPage | HolePage;

const FULL: FullPage = { kind: 'full' };

/** A SequenceSet as plain data, for another thread or host: undefined pages are empty. */
export type SequencePages = readonly (Page | undefined)[];

/** Numbers from `from` up to but not including `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * An exact set of sequence numbers that arrive mostly in order, in memory bounded by the disorder instead
 * of the count: a page of 65,536 is 8 KiB while it fills, nothing once it is full, and two bytes a hole
 * once it is old and nearly full (the idea of Roaring bitmaps, of which we need a tenth).
 */
export class SequenceSet {
  #pages: (Page | undefined)[];
  #count = 0;

  constructor(pages: SequencePages = []) {
    this.#pages = [...pages];
    for (const page of pages) this.#count += countOf(page);
  }

  /** The set of all numbers below `end`. */
  static upTo(end: number): SequenceSet {
    const pages: Page[] = Array.from({ length: Math.floor(end / PAGE_SIZE) }, () => FULL);
    const set = new SequenceSet(pages);
    for (let sequence = pages.length * PAGE_SIZE; sequence < end; sequence++) set.add(sequence);
    return set;
  }

  /** how many numbers are in the set */
  get count(): number {
    return this.#count;
  }

  /** One more than the largest number that may be in the set. */
  get end(): number {
    return this.#pages.length * PAGE_SIZE;
  }

  /** @returns false when the number was in already. */
  add(sequence: number): boolean {
    const index = Math.floor(sequence / PAGE_SIZE);
    const offset = sequence % PAGE_SIZE;
    const page = this.#pages[index] ?? this.#open(index);
    switch (page.kind) {
      case 'full':
        return false;
      case 'bits': {
        const word = page.words[offset >>> 5] ?? 0;
        const bit = 1 << (offset & 31);
        if ((word & bit) !== 0) return false;
        page.words[offset >>> 5] = word | bit;
        page.count++;
        if (page.count === PAGE_SIZE) this.#pages[index] = FULL;
        break;
      }
      case 'holes': {
        if (!page.holes.includes(offset)) return false;
        page.holes = page.holes.filter((hole) => hole !== offset);
        if (page.holes.length === 0) this.#pages[index] = FULL;
        break;
      }
    }
    this.#count++;
    return true;
  }

  has(sequence: number): boolean {
    const page = this.#pages[Math.floor(sequence / PAGE_SIZE)];
    return (wordOf(page, (sequence % PAGE_SIZE) >>> 5) & (1 << (sequence & 31))) !== 0;
  }

  /** Adds the other set to this one; returns how many numbers were in both. */
  merge(pages: SequencePages): number {
    let both = 0;
    for (const [index, other] of pages.entries()) {
      const mine = this.#pages[index];
      if (other === undefined) continue;
      if (mine === undefined) {
        this.#pages[index] = structuredClone(other);
        continue;
      }
      const words = new Uint32Array(WORDS);
      for (let word = 0; word < WORDS; word++) {
        both += bitsIn(wordOf(mine, word) & wordOf(other, word));
        words[word] = wordOf(mine, word) | wordOf(other, word);
      }
      this.#pages[index] = settle(words);
    }
    this.#count = this.#pages.reduce((sum, page) => sum + countOf(page), 0);
    return both;
  }

  /** The numbers below `end` that are in `this` and not in `other`, as ranges in ascending order. */
  *minus(other: SequenceSet, end = this.end): Generator<Range> {
    let from: number | undefined;
    for (let base = 0; base < end; base += 32) {
      const index = Math.floor(base / PAGE_SIZE);
      const word = (base % PAGE_SIZE) >>> 5;
      const bits = wordOf(this.#pages[index], word) & ~wordOf(other.#pages[index], word);
      if (bits === 0) {
        if (from !== undefined) yield { from, to: base };
        from = undefined;
        continue;
      }
      for (let bit = 0; bit < 32; bit++) {
        const inside = (bits & (1 << bit)) !== 0 && base + bit < end;
        if (inside) from ??= base + bit;
        else if (from !== undefined) {
          yield { from, to: base + bit };
          from = undefined;
        }
      }
    }
    if (from !== undefined) yield { from, to: end };
  }

  /** How many numbers are in both sets. */
  overlap(other: SequenceSet): number {
    let both = 0;
    const pages = Math.min(this.#pages.length, other.#pages.length);
    for (let index = 0; index < pages; index++) {
      const mine = this.#pages[index];
      const theirs = other.#pages[index];
      if (mine === undefined || theirs === undefined) continue;
      if (mine.kind === 'full') both += countOf(theirs);
      else if (theirs.kind === 'full') both += countOf(mine);
      else for (let word = 0; word < WORDS; word++) both += bitsIn(wordOf(mine, word) & wordOf(theirs, word));
    }
    return both;
  }

  /** Plain data; shares its memory with the set, which must not change any more. */
  toPages(): SequencePages {
    return this.#pages;
  }

  #open(index: number): BitPage {
    const page: BitPage = { kind: 'bits', words: new Uint32Array(WORDS), count: 0 };
    while (this.#pages.length < index) this.#pages.push(undefined);
    this.#pages[index] = page;
    const old = this.#pages[index - HORIZON_PAGES];
    if (old?.kind === 'bits') this.#pages[index - HORIZON_PAGES] = settle(old.words);
    return page;
  }
}

/** The most compact page that holds these bits. */
function settle(words: Uint32Array): Page {
  let count = 0;
  for (const word of words) count += bitsIn(word);
  if (count === PAGE_SIZE) return FULL;
  if (PAGE_SIZE - count > FEW_HOLES) return { kind: 'bits', words, count };
  const holes = new Uint16Array(PAGE_SIZE - count);
  let next = 0;
  for (let offset = 0; offset < PAGE_SIZE; offset++) {
    if (((words[offset >>> 5] ?? 0) & (1 << (offset & 31))) === 0) holes[next++] = offset;
  }
  return { kind: 'holes', holes };
}

function countOf(page: Page | undefined): number {
  switch (page?.kind) {
    case undefined:
      return 0;
    case 'full':
      return PAGE_SIZE;
    case 'bits':
      return page.count;
    case 'holes':
      return PAGE_SIZE - page.holes.length;
  }
}

/** 32 numbers of the page as bits. */
function wordOf(page: Page | undefined, word: number): number {
  switch (page?.kind) {
    case undefined:
      return 0;
    case 'full':
      return -1;
    case 'bits':
      return page.words[word] ?? 0;
    case 'holes': {
      let bits = -1;
      for (const hole of page.holes) if (hole >>> 5 === word) bits &= ~(1 << (hole & 31));
      return bits;
    }
  }
}

/** Population count (Hacker's Delight, figure 5-2). */
function bitsIn(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  bits = (bits + (bits >>> 4)) & 0x0f0f0f0f;
  return Math.imul(bits, 0x01010101) >>> 24;
}
