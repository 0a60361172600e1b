import type { MemoryFaults, MemoryTruth } from '../../drivers/memory/index.ts';
import { IDENTITY_BYTES } from '../../load/index.ts';
import { Random } from '../../stats/index.ts';

/** A held message that nothing followed is let go after this much silence. */
const HELD_FOR_MS = 250;

/** A message on its way through the broker. */
export interface StoredMessage {
  readonly key: string;
  readonly payload: Buffer;
  /** as they were published, not read */
  readonly headers: Buffer | undefined;
  redelivered: boolean;
  /** not to be delivered before, ns of the monotonic clock */
  readonly dueNs: number;
}

/**
 * Loses, duplicates and overtakes messages as drawn from the seed, and writes down which. The broker does
 * not understand what it notes, the first bytes of a payload: only the meter knows that they are an identity.
 */
export class FaultInjector {
  readonly #faults: MemoryFaults;
  readonly #random: Random;
  readonly #store: (message: StoredMessage) => void;
  readonly #held = new Map<string, StoredMessage>();
  readonly #lost: string[] = [];
  readonly #duplicated: string[] = [];
  readonly #reordered: string[] = [];
  #published = 0;
  #letGo: NodeJS.Timeout | undefined;

  /** @param store takes the messages that pass, in the order in which they are to be delivered */
  constructor(faults: MemoryFaults, store: (message: StoredMessage) => void) {
    this.#faults = faults;
    this.#random = new Random(faults.seed, 'memory-faults');
    this.#store = store;
  }

  /** @returns what became of it: of what is lost the broker keeps nothing, whatever it has acknowledged */
  pass(message: StoredMessage): 'kept' | 'lost' {
    this.#published++;
    const draw = this.#random.next();
    const { loss, duplicates, reorder } = this.#faults;
    if (draw < loss) {
      this.#lost.push(identityOf(message.payload));
      return 'lost';
    }
    if (draw < loss + duplicates) {
      this.#duplicated.push(identityOf(message.payload));
      this.#store(message);
    } else if (draw < loss + duplicates + reorder && !this.#held.has(message.key)) {
      this.#held.set(message.key, message);
      this.#letGo ??= setTimeout(() => this.#releaseAll(), HELD_FOR_MS);
      this.#letGo.refresh();
      return 'kept';
    }
    this.#store(message);
    this.#releaseBehind(message.key);
    return 'kept';
  }

  truth(): Omit<MemoryTruth, 'deliveries'> {
    return {
      published: this.#published,
      lost: this.#lost,
      duplicated: this.#duplicated,
      reordered: this.#reordered,
    };
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#letGo);
  }

  /** A message of this key went by: the one held before it has now been overtaken. */
  #releaseBehind(key: string): void {
    const held = this.#held.get(key);
    if (held === undefined) return;
    this.#held.delete(key);
    this.#reordered.push(identityOf(held.payload));
    this.#store(held);
  }

  /** Nothing followed: they go on in their order, and no fault was committed. */
  #releaseAll(): void {
    for (const held of this.#held.values()) this.#store(held);
    this.#held.clear();
  }
}

export function identityOf(payload: Buffer): string {
  return payload.toString('base64', 0, IDENTITY_BYTES);
}
