import type { Consumer, ConsumerOptions, Handler } from '../driver.ts';
import { Claims } from './claims.ts';
import type { GroupMember, KafkaClient, Membership } from './client.ts';
import { Inbox } from './inbox.ts';
import { closeTimeoutMs, commitIntervalMs } from './limits.ts';
import { within } from './within.ts';

export interface ConsumerParts {
  readonly client: KafkaClient;
  readonly membership: Membership;
  readonly options: ConsumerOptions;
  readonly handler: Handler;
  /** ends reconnecting */
  readonly signal: AbortSignal;
  readonly onClosed: (consumer: KafkaConsumer) => void;
}

/** Commits what was settled at an interval, before a rebalance, and when it closes. */
export class KafkaConsumer implements Consumer {
  readonly #inbox: Inbox;
  readonly #onLost: (error: Error) => void;
  readonly #onClosed: (consumer: KafkaConsumer) => void;
  #joining: Promise<GroupMember> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #committing: Promise<void> | undefined;
  #isLost = false;
  #closing: Promise<void> | undefined;

  static async open(parts: ConsumerParts): Promise<KafkaConsumer> {
    const consumer = new KafkaConsumer(parts);
    consumer.#joining = parts.client.joinGroup(parts.membership, consumer.#inbox, parts.signal);
    await consumer.#joining;
    consumer.#timer = setInterval(() => consumer.#commitSoon(), commitIntervalMs);
    return consumer;
  }

  private constructor({ membership, options, handler, onClosed }: ConsumerParts) {
    this.#onLost = options.onLost;
    this.#onClosed = onClosed;
    const claims = new Claims((offsets) => this.#send(this.#inbox.owned(offsets)));
    this.#inbox = new Inbox({
      window: options.window,
      handler,
      claim: membership.commit === 'before handling' ? (offsets) => claims.claim(offsets) : undefined,
      onRebalancing: () => this.#commitSoon(),
      onLost: (error) => this.#lost(error),
    });
  }

  pause(): Promise<void> {
    this.#inbox.pause();
    return Promise.resolve();
  }

  resume(): Promise<void> {
    this.#inbox.resume();
    return Promise.resolve();
  }

  async close(): Promise<void> {
    this.#inbox.stop();
    await this.#inbox.idle();
    await this.abandon();
  }

  /** Closes without waiting for the handlers under way: what they hold goes to another member. */
  abandon(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearInterval(this.#timer);
    this.#inbox.stop();
    await this.#committing;
    await this.#commit();
    const member = await this.#joining;
    await member?.close();
    this.#onClosed(this);
  }

  #lost(error: Error): void {
    if (this.#isLost || this.#closing !== undefined) return;
    this.#isLost = true;
    this.#inbox.stop();
    clearInterval(this.#timer);
    this.#onLost(error);
  }

  #commitSoon(): void {
    this.#committing ??= this.#commit().finally(() => {
      this.#committing = undefined;
    });
  }

  /**
   * A commit that fails is made up for by the next one. When it was the last, the successor of this member
   * gets again what was settled: at least once, as promised, so that it is no error of the consumer.
   */
  async #commit(): Promise<void> {
    const offsets = this.#inbox.committable();
    if (offsets.size === 0) return;
    const isCommitted = await this.#send(offsets).then(
      () => true,
      () => false,
    );
    if (isCommitted) this.#inbox.committed(offsets);
  }

  async #send(offsets: ReadonlyMap<number, number>): Promise<void> {
    const member = await this.#joining;
    if (member !== undefined) await within(closeTimeoutMs, member.commit(offsets), 'a commit');
  }
}
