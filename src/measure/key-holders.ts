/**
 * Which consumers hold unsettled messages of each key. Nearly always it is one, so that a pair of numbers a
 * key is enough; a key that several hold at once is counted by consumer until all but nothing is settled.
 */
export class KeyHolders {
  /** by key: unsettled messages, of all consumers together */
  readonly #unsettled: Uint32Array;
  /** by key: the only consumer that holds some, plus one */
  readonly #holder: Uint16Array;
  /** by key: unsettled messages by consumer, while several hold it */
  readonly #shared = new Map<number, Map<number, number>>();

  constructor(keys: number) {
    this.#unsettled = new Uint32Array(keys);
    this.#holder = new Uint16Array(keys);
  }

  /** Whether the key is split: another consumer holds a message of it too. */
  take(key: number, consumer: number): 'alone' | 'split' {
    const unsettled = this.#unsettled[key] ?? 0;
    this.#unsettled[key] = unsettled + 1;
    const holder = (this.#holder[key] ?? 0) - 1;
    let shared = this.#shared.get(key);
    if (unsettled === 0) this.#holder[key] = consumer + 1;
    if (shared === undefined && (unsettled === 0 || holder === consumer)) return 'alone';
    if (shared === undefined) this.#shared.set(key, (shared = new Map([[holder, unsettled]])));
    shared.set(consumer, (shared.get(consumer) ?? 0) + 1);
    return shared.size > 1 ? 'split' : 'alone';
  }

  settle(key: number, consumer: number): void {
    const unsettled = (this.#unsettled[key] ?? 0) - 1;
    this.#unsettled[key] = unsettled;
    const shared = this.#shared.get(key);
    if (shared === undefined) return;
    const left = (shared.get(consumer) ?? 0) - 1;
    if (left > 0) shared.set(consumer, left);
    else shared.delete(consumer);
    if (unsettled === 0) this.#shared.delete(key);
  }
}
