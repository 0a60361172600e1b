/**
 * A seeded source of uniform numbers in [0, 1): sfc32 (Doty-Humphrey, PractRand), 32 bits a draw.
 * The stream's name keeps draws for different purposes independent under one seed, so that adding a draw
 * for keys does not change the arrivals.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  #spareNormal: number | undefined;

  constructor(seed: number, stream: string) {
    this.#a = hash(stream, seed >>> 0);
    this.#b = hash(stream, Math.floor(seed / 2 ** 32) ^ 0x9e3779b9);
    this.#c = hash(stream, 0x85ebca6b ^ (seed >>> 0));
    for (let draw = 0; draw < 16; draw++) this.next();
  }

  /** uniform in [0, 1) */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }

  /** As many draws of `next` as it has room for, in 32 bits each and three times as fast. */
  fill(into: Uint32Array): void {
    let [a, b, c, counter] = [this.#a, this.#b, this.#c, this.#counter];
    for (let index = 0; index < into.length; index++) {
      const sum = (((a + b) | 0) + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (c << 21) | (c >>> 11);
      c = (c + sum) | 0;
      into[index] = sum;
    }
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#counter = counter;
  }

  /** an integer in [0, bound) */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** exponential with mean 1: the gaps of a Poisson process of rate 1 */
  exponential(): number {
    return -Math.log(1 - this.next());
  }

  /** normal with mean 0 and variance 1: Marsaglia's polar method (SIAM Review 6(3), 1964), which makes two at a time */
  normal(): number {
    const spare = this.#spareNormal;
    if (spare !== undefined) {
      this.#spareNormal = undefined;
      return spare;
    }
    for (;;) {
      const x = 2 * this.next() - 1;
      const y = 2 * this.next() - 1;
      const square = x * x + y * y;
      if (square === 0 || square >= 1) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spareNormal = y * factor;
      return x * factor;
    }
  }
}

/** FNV-1a over the characters, started from the seed. */
function hash(text: string, seed: number): number {
  let value = 0x811c9dc5 ^ seed;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value | 0;
}
