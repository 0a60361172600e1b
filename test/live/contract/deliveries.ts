import type { Handler, ReceivedMessage, Settlement } from '../../../src/drivers/index.ts';

const patienceMs = 20_000;

/** What one consumer, or several, were given, and a way to await it. */
export class Deliveries {
  readonly messages: ReceivedMessage[] = [];
  /** payloads as text */
  readonly distinct = new Set<string>();
  readonly #settle: (text: string, message: ReceivedMessage) => Settlement | Promise<Settlement>;
  #watchers: (() => void)[] = [];
  #lost: Error | undefined;

  /** @param settle what the handler answers; default: `done` */
  constructor(
    settle: (text: string, message: ReceivedMessage) => Settlement | Promise<Settlement> = () => 'done',
  ) {
    this.#settle = settle;
  }

  readonly handler: Handler = (message) => {
    const text = message.payload.toString();
    this.messages.push(message);
    this.distinct.add(text);
    for (const watch of this.#watchers) watch();
    return this.#settle(text, message);
  };

  readonly onLost = (error: Error): void => {
    this.#lost = error;
    for (const watch of this.#watchers) watch();
  };

  /** In the order of delivery. */
  get texts(): readonly string[] {
    return this.messages.map(({ payload }) => payload.toString());
  }

  /** Resolves when so many different messages were delivered. */
  reach(count: number): Promise<void> {
    return this.until(`${count} different messages`, () => this.distinct.size >= count);
  }

  /** Resolves when it holds after a delivery; rejects when that takes too long or the consumer is lost. */
  until(what: string, holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        this.#watchers = this.#watchers.filter((each) => each !== watch);
        settle();
      };
      const watch = (): void => {
        if (holds()) end(resolve);
        else if (this.#lost !== undefined) end(() => reject(this.#lost));
      };
      const timer = setTimeout(() => {
        const state = `${this.messages.length} deliveries, ${this.distinct.size} different`;
        end(() => reject(new Error(`no ${what} within ${patienceMs} ms: ${state}`)));
      }, patienceMs);
      this.#watchers.push(watch);
      watch();
    });
  }
}

/** The text of the n-th message of a key. */
export function numbered(key: string, sequence: number): string {
  return `${key}:${sequence}`;
}

/** The first pair that is out of order within its key; only first deliveries count. */
export function outOfOrder(texts: readonly string[]): string | undefined {
  const highest = new Map<string, number>();
  const seen = new Set<string>();
  for (const text of texts) {
    if (seen.has(text)) continue;
    seen.add(text);
    const [key = '', sequence] = text.split(':');
    const before = highest.get(key) ?? -1;
    if (Number(sequence) < before) return `${text} after ${numbered(key, before)}`;
    highest.set(key, Number(sequence));
  }
  return undefined;
}
