/** Spans that begin and end within this are kept as one, so that an overloaded hour does not fill the memory. */
const RESOLUTION_NS = 1e6;

/** Spans that are over with are dropped in heaps of this many. */
const HEAP = 1024;

/**
 * When a producer's window was full while a message was due, so that the wait was for the broker's
 * acknowledgement and not for us.
 */
export class WindowFull {
  #sinceNs: number | undefined;
  #totalNs = 0;
  #fromNs: number[] = [];
  #toNs: number[] = [];
  #first = 0;
  /** summed length of the spans that are kept */
  #keptNs = 0;

  begin(nowNs: number): void {
    this.#sinceNs ??= nowNs;
  }

  /** Returns whether it was full. */
  end(nowNs: number): boolean {
    if (this.#sinceNs === undefined) return false;
    const lengthNs = nowNs - this.#sinceNs;
    this.#sinceNs = undefined;
    this.#totalNs += lengthNs;
    this.#keptNs += lengthNs;
    const last = this.#fromNs.length - 1;
    const lastFromNs = this.#fromNs[last] ?? 0;
    if (last >= this.#first && nowNs - lastFromNs < RESOLUTION_NS) {
      // joined without the gap between them, so that no more is excused than was
      this.#fromNs[last] = nowNs - lengthNs - ((this.#toNs[last] ?? 0) - lastFromNs);
      this.#toNs[last] = nowNs;
    } else {
      this.#fromNs.push(nowNs - lengthNs);
      this.#toNs.push(nowNs);
    }
    return true;
  }

  /** all of it, with what is under way */
  totalNs(nowNs: number): number {
    return this.#totalNs + (this.#sinceNs === undefined ? 0 : nowNs - this.#sinceNs);
  }

  /**
   * How much of the time since `fromNs` it was full, while it is not full now; to 1 ms.
   * @param fromNs never earlier than in the call before
   */
  sinceNs(fromNs: number): number {
    if (this.#first === this.#fromNs.length) return 0;
    for (; (this.#toNs[this.#first] ?? Infinity) <= fromNs; this.#first++) {
      this.#keptNs -= (this.#toNs[this.#first] ?? 0) - (this.#fromNs[this.#first] ?? 0);
    }
    if (this.#first === this.#fromNs.length) this.#keptNs = 0;
    if (this.#first > HEAP || this.#first === this.#fromNs.length) {
      this.#fromNs = this.#fromNs.slice(this.#first);
      this.#toNs = this.#toNs.slice(this.#first);
      this.#first = 0;
    }
    return this.#keptNs - Math.max(0, fromNs - (this.#fromNs[this.#first] ?? Infinity));
  }
}
