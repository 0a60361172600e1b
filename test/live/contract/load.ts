import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { SendError } from '../../../src/drivers/index.ts';
import type { Producer } from '../../../src/drivers/index.ts';
import { keysNamed } from './bench.ts';
import { numbered, type Deliveries } from './deliveries.ts';

const PATIENCE_MS = 60_000;
const SETTLED_MS = 30_000;

/** Sends a message of each of four keys every other millisecond, whatever becomes of them. */
export class Load {
  readonly #producer: Producer;
  readonly #outcomes = new Map<string, 'acknowledged' | SendError>();
  readonly #sends: Promise<void>[] = [];
  #sequence = 0;

  constructor(producer: Producer) {
    this.#producer = producer;
  }

  /** Texts of the messages with this outcome. */
  of(outcome: 'acknowledged' | SendError['outcome']): readonly string[] {
    return [...this.#outcomes]
      .filter(([, each]) => (each === 'acknowledged' ? each : each.outcome) === outcome)
      .map(([text]) => text);
  }

  /** What the failures say, and how often. */
  get reasons(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const outcome of this.#outcomes.values()) {
      if (outcome === 'acknowledged') continue;
      const reason = `${outcome.outcome}: ${outcome.message}`;
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
    return counts;
  }

  async goOn(until: () => boolean): Promise<void> {
    const startMs = performance.now();
    while (!until()) {
      assert.ok(performance.now() - startMs < PATIENCE_MS, 'a minute went by');
      for (const key of keysNamed('key', 4)) this.#sends.push(this.#send(key));
      this.#sequence += 1;
      await sleep(2);
    }
  }

  /** Goes on while the event is coming. */
  async goOnDuring(event: Promise<void>): Promise<void> {
    let hasCome = false;
    const coming = event.then(() => {
      hasCome = true;
    });
    await this.goOn(() => hasCome);
    await coming;
  }

  /** Resolves when every send has its outcome; rejects when that takes longer than half a minute. */
  async settled(): Promise<void> {
    const patience = new AbortController();
    const late = sleep(SETTLED_MS, 'late' as const, { signal: patience.signal });
    const how = await Promise.race([Promise.all(this.#sends), late]);
    patience.abort();
    const open = this.#sends.length - this.#outcomes.size;
    assert.ok(how !== 'late', `${open} of ${this.#sends.length} sends have no outcome`);
  }

  /**
   * After an outage and `settled`: what was acknowledged is delivered, what failed in the meantime was not stored,
   * and nothing was refused.
   */
  async assertOutcomesHold(deliveries: Deliveries): Promise<void> {
    assert.deepEqual(this.of('refused'), []);
    assert.ok(this.of('failed').length > 0, 'there were sends while it was away');
    await deliveries.until('delivery of all acknowledged', () =>
      this.of('acknowledged').every((text) => deliveries.distinct.has(text)),
    );
    assert.deepEqual(
      this.of('failed').filter((text) => deliveries.distinct.has(text)),
      [],
      'what failed was not stored',
    );
  }

  async #send(key: string): Promise<void> {
    const text = numbered(key, this.#sequence);
    try {
      await this.#producer.send({ key, payload: Buffer.from(text) });
      this.#outcomes.set(text, 'acknowledged');
    } catch (error) {
      assert.ok(error instanceof SendError, String(error));
      this.#outcomes.set(text, error);
    }
  }
}
