import { MAX_ENTRIES } from './lane.ts';

/** Between attempts to tell a server that is away. */
const AGAIN_MS = 500;

export interface Receipt {
  readonly handle: string;
  /** whole; of ChangeMessageVisibility */
  readonly seconds: number;
}

interface ReceiptsOptions {
  /** 0: at the end of the turn */
  readonly lingerMs: number;
  /**
   * What is less than a full batch waits while as many requests as this are under way: where they leave at once,
   * the time of a request gathers them.
   */
  readonly requests: number;
  /** Resolves with those to try again; rejects when none of them reached the server. */
  readonly request: (receipts: readonly Receipt[]) => Promise<readonly Receipt[]>;
  /** how long a receipt is worth anything: then the message is delivered again */
  readonly validMs: number;
}

interface Noted {
  readonly receipt: Receipt;
  readonly expiresMs: number;
}

/** Tells the server of received messages in batches of ten: to delete them, or when to show them again. */
export class Receipts {
  readonly #options: ReceiptsOptions;
  #noted: Noted[] = [];
  #timer: (() => void) | undefined;
  #closing = false;
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: ReceiptsOptions) {
    this.#options = options;
  }

  add(receipt: Receipt): void {
    this.#noted.push({ receipt, expiresMs: performance.now() + this.#options.validMs });
    if (this.#noted.length >= MAX_ENTRIES) this.#flush();
    else this.#timer ??= this.#schedule(this.#options.lingerMs);
  }

  /** Sends what is left, once, and waits for the answers: what the server does not hear of is delivered again. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#flush();
    await Promise.all(this.#underWay);
  }

  #flush(): void {
    this.#timer?.();
    this.#timer = undefined;
    while (this.#noted.length > 0) {
      const isFull = this.#noted.length >= MAX_ENTRIES;
      if (!isFull && !this.#closing && this.#underWay.size >= this.#options.requests) return;
      const sending = this.#send(this.#noted.splice(0, MAX_ENTRIES));
      this.#underWay.add(sending);
      sending.then(
        () => {
          this.#underWay.delete(sending);
          // what waited for this request; what waits for its time has a timer
          if (this.#timer === undefined) this.#flush();
        },
        (error: unknown) => {
          throw error;
        },
      );
    }
  }

  /** Never rejects. */
  async #send(batch: readonly Noted[]): Promise<void> {
    let again: ReadonlySet<Receipt>;
    try {
      again = new Set(await this.#options.request(batch.map(({ receipt }) => receipt)));
    } catch {
      // whatever it was, it is made up for by another attempt, or by the redelivery that is promised
      again = new Set(batch.map(({ receipt }) => receipt));
    }
    const nowMs = performance.now();
    if (this.#closing) return;
    const left = batch.filter(({ receipt, expiresMs }) => again.has(receipt) && nowMs < expiresMs);
    this.#noted.push(...left);
    if (left.length > 0) this.#timer ??= this.#schedule(AGAIN_MS);
  }

  #schedule(afterMs: number): () => void {
    if (afterMs === 0) {
      const immediate = setImmediate(() => this.#flush());
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(() => this.#flush(), afterMs);
    return () => clearTimeout(timer);
  }
}
