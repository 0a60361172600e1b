import type { Consumer, ConsumerOptions, Handler, Producer, Subscription } from '../driver.ts';
import { Retrying } from '../retrying.ts';
import { Claims } from './claims.ts';
import type { GroupMember, KafkaClient, Membership } from './client.ts';
import { Inbox } from './inbox.ts';
import { closeTimeoutMs, commitIntervalMs } from './limits.ts';
import { within } from '../within.ts';

export interface ConsumerParts {
  readonly client: KafkaClient;
  readonly membership: Membership;
  readonly subscription: Subscription;
  readonly options: ConsumerOptions;
  readonly handler: Handler;
  /** stores the dead letters, where the options have a retry policy; closed with the consumer */
  readonly burial: Producer | undefined;
  /** ends reconnecting */
  readonly signal: AbortSignal;
  readonly onClosed: (consumer: KafkaConsumer) => void;
}

/**
 * Commits what was settled at an interval, before a rebalance, and when it closes.
 *
 * With a retry policy a message waits here between its attempts. It holds a place in the window and its
 * partition's commit, not the messages behind it: those are handled, and handled again by the next owner of
 * the partition if this one dies before the wait is over. While its partition goes to another member the
 * attempts go on here too, so that both may come to the same dead letter.
 */
export class KafkaConsumer implements Consumer {
  readonly #inbox: Inbox;
  readonly #onLost: (error: Error) => void;
  readonly #onClosed: (consumer: KafkaConsumer) => void;
  readonly #retrying: Retrying | undefined;
  readonly #burial: Producer | undefined;
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

  private constructor(parts: ConsumerParts) {
    const { membership, options, handler } = parts;
    this.#onLost = options.onLost;
    this.#onClosed = parts.onClosed;
    this.#burial = parts.burial;
    const retrying = retryingOf(parts);
    this.#retrying = retrying;
    const claims = new Claims((offsets) => this.#send(this.#inbox.owned(offsets)));
    this.#inbox = new Inbox({
      window: options.window,
      handle: retrying === undefined ? handler : (message) => retrying.handle(message),
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
    this.#retrying?.stop();
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
    this.#retrying?.stop();
    await this.#committing;
    await this.#commit();
    const member = await this.#joining;
    await member?.close();
    await this.#burial?.close();
    this.#onClosed(this);
  }

  #lost(error: Error): void {
    if (this.#isLost || this.#closing !== undefined) return;
    this.#isLost = true;
    this.#inbox.stop();
    this.#retrying?.stop();
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

function retryingOf({ options, handler, subscription, burial }: ConsumerParts): Retrying | undefined {
  const { retry: policy } = options;
  if (policy === undefined || burial === undefined) return undefined;
  return new Retrying({ handler, policy, origin: subscription, bury: (letter) => burial.send(letter) });
}
