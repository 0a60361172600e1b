/** Which partition a key belongs to: FNV-1a (32 bits) of its UTF-8 bytes; without a key, round about. */
export class Partitioner {
  readonly #partitions: number;
  #next = 0;

  constructor(partitions: number) {
    this.#partitions = partitions;
  }

  partitionOf(key: string | undefined): number {
    if (key === undefined) {
      this.#next = (this.#next + 1) % this.#partitions;
      return this.#next;
    }
    return fnv1a(key) % this.#partitions;
  }
}

const PRIME = 0x01_00_01_93;

/** http://www.isthe.com/chongo/tech/comp/fnv/ */
export function fnv1a(text: string): number {
  let hash = 0x81_1c_9d_c5;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    // from here on its bytes are not its units
    if (unit > 0x7f) return hashOf(Buffer.from(text.slice(index)), hash);
    hash = Math.imul(hash ^ unit, PRIME);
  }
  return hash >>> 0;
}

function hashOf(bytes: Buffer, seed: number): number {
  let hash = seed;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, PRIME);
  return hash >>> 0;
}
