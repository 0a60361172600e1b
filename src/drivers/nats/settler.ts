import type { Connection } from './connection.ts';
import { answers } from './delivery.ts';
import { atMost } from './within.ts';
import { orClosed } from './or-closed.ts';

/** The client would encode the text anew for each message. */
const DONE = Buffer.from(answers.done);

/**
 * Settles deliveries, and keeps those that are not from being delivered again: a third of ack_wait after it
 * was last told so, the server hears that they are being worked on. A delivery outlives the connection on
 * which it came, since it is settled by a publish to a subject of its own; what could not be published is,
 * on the next connection. An answer that is lost with its connection costs a redelivery.
 */
export class Settler {
  readonly #connection: Connection;
  /** reply subjects, and whether they were there at the last look */
  readonly #held = new Map<string, 'new' | 'seen'>();
  readonly #timer: NodeJS.Timeout;
  #unsent: (readonly [reply: string, answer: string])[] = [];
  /** the last one that was acknowledged: doing so again changes nothing */
  #lastDone: string | undefined;

  constructor(connection: Connection, ackWaitMs: number) {
    this.#connection = connection;
    this.#timer = setInterval(() => this.#keepAlive(), ackWaitMs / 3);
  }

  hold(reply: string): void {
    this.#held.set(reply, 'new');
  }

  settle(reply: string, answer: string): void {
    this.#held.delete(reply);
    if (answer === answers.done) this.#lastDone = reply;
    const nc = this.#connection.current;
    if (nc === undefined) this.#unsent.push([reply, answer]);
    else nc.publish(reply, answer === answers.done ? DONE : answer);
  }

  /** There is a connection again. */
  catchUp(): void {
    const unsent = this.#unsent;
    this.#unsent = [];
    for (const [reply, answer] of unsent) this.settle(reply, answer);
  }

  /**
   * Resolves when the server has processed what was settled, or the time is over. A consumer's answers are
   * processed in their order, and one that asks for a reply gets it, also for what is settled already.
   */
  async confirmed(withinMs: number): Promise<void> {
    const nc = await this.#connection.within(withinMs);
    if (this.#lastDone === undefined || nc === undefined) return;
    try {
      await nc.request(this.#lastDone, answers.done, { timeout: withinMs });
    } catch {
      // lost with its connection: what the server did not get it will deliver again
    }
  }

  /** What is still held may be delivered to another at once. */
  async giveBack(withinMs: number): Promise<void> {
    const nc = this.#connection.current;
    if (nc !== undefined) {
      for (const reply of this.#held.keys()) nc.publish(reply, answers.retry(0));
      await atMost(
        withinMs,
        orClosed(nc, () => nc.flush()),
      );
    }
    this.stop();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#held.clear();
  }

  #keepAlive(): void {
    const nc = this.#connection.current;
    if (nc === undefined) return;
    for (const [reply, age] of this.#held) {
      if (age === 'seen') nc.publish(reply, answers.working);
      else this.#held.set(reply, 'seen');
    }
  }
}
