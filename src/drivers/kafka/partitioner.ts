import { murmur2 } from './murmur2.ts';

export interface Placement {
  readonly partition: number;
  /** the key as it is written to the log */
  readonly keyBytes: Buffer;
}

/** Keys that are remembered; when there are more, all are forgotten. */
const maxKeys = 65_536;

/**
 * Chooses partitions as Kafka's Java producer does, for both clients alike: their own partitioners differ
 * from it (@platformatic/kafka does not mask the sign bit, kafkajs spreads keyless messages at random).
 */
export class Partitioner {
  readonly #partitions: number;
  readonly #placements = new Map<string, Placement>();
  #sticky = 0;

  constructor(partitions: number) {
    this.#partitions = partitions;
  }

  /** The same key is always in the same partition. */
  ofKey(key: string): Placement {
    const known = this.#placements.get(key);
    if (known !== undefined) return known;
    const keyBytes = Buffer.from(key);
    const placement = { partition: (murmur2(keyBytes) & 0x7fff_ffff) % this.#partitions, keyBytes };
    if (this.#placements.size >= maxKeys) this.#placements.clear();
    this.#placements.set(key, placement);
    return placement;
  }

  /** Where the keyless messages of one batch go: the partitions in turn, a batch each (KIP-480). */
  ofNextKeylessBatch(): number {
    const partition = this.#sticky;
    this.#sticky = (partition + 1) % this.#partitions;
    return partition;
  }
}
