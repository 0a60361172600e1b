import { msUntil } from '../../clock/index.ts';
import type { Consumer } from '../../drivers/index.ts';
import { type ConsumerChange, paceOf, type Scenario } from '../../scenario/index.ts';

/** Has the consumers of a subscription come, go and rest as the scenario says, one change after the other. */
export class ConsumerChanges {
  readonly #changes: readonly Pick<ConsumerChange, 'atSeconds' | 'change'>[];
  readonly #consumers: Consumer[];
  readonly #open: () => Promise<Consumer>;
  readonly #onLost: (error: Error) => void;
  #timers: NodeJS.Timeout[] = [];
  /** the changes made so far, each of which may take its time */
  #made: Promise<void> = Promise.resolve();
  #resting = false;
  #ended = false;

  /** @param consumers those that are open; changed */
  constructor(
    scenario: Scenario,
    subscription: string,
    consumers: Consumer[],
    open: () => Promise<Consumer>,
    onLost: (error: Error) => void,
  ) {
    const own = scenario.consumers.changes.filter(
      (each) => each.subscription === undefined || each.subscription === subscription,
    );
    // who rests to the end goes on then, for the drain
    this.#changes =
      own.length === 0 ? [] : [...own, { atSeconds: paceOf(scenario).seconds, change: 'resume' }];
    this.#consumers = consumers;
    this.#open = open;
    this.#onLost = onLost;
  }

  schedule(startNs: number): void {
    this.#timers = this.#changes.map(({ atSeconds, change }) =>
      setTimeout(() => this.#next(change), msUntil(startNs, atSeconds)),
    );
  }

  /** No change from now on; waits for the one under way. */
  async end(): Promise<void> {
    this.#ended = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#made;
  }

  #next(change: ConsumerChange['change']): void {
    this.#made = this.#made
      .then(() => (this.#ended ? undefined : this.#make(change)))
      .catch((error: unknown) => this.#onLost(error instanceof Error ? error : new Error(String(error))));
  }

  async #make(change: ConsumerChange['change']): Promise<void> {
    switch (change) {
      case 'join': {
        const consumer = await this.#open();
        this.#consumers.push(consumer);
        if (this.#resting) await consumer.pause();
        return;
      }
      case 'leave':
        return this.#consumers.pop()?.close();
      case 'pause':
        this.#resting = true;
        await Promise.all(this.#consumers.map((consumer) => consumer.pause()));
        return;
      case 'resume':
        if (this.#resting) await Promise.all(this.#consumers.map((consumer) => consumer.resume()));
        this.#resting = false;
    }
  }
}
