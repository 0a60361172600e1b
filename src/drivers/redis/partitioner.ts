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

/** http://www.isthe.com/chongo/tech/comp/fnv/ */
export function fnv1a(text: string): number {
  let hash = 0x81_1c_9d_c5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01_00_01_93);
  return hash >>> 0;
}
