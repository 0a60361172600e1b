import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../../user-error.ts';
import type { Headers } from '../../driver.ts';
import { Admin } from '../admin.ts';
import type { Delivery, Inbox, Receiver, ReceiverSpec } from '../client.ts';
import type { PulsarConfig } from '../config.ts';
import { closeTimeoutMs } from '../limits.ts';
import { endpoint, incomingFrame, type IncomingFrame } from './frame.ts';
import { Socket } from './socket.ts';

const lookEveryMs = 10;

/**
 * One connection for all partitions. The server sends as many messages as its receiver queue holds without an
 * acknowledgement, which is the window; so that a consumer is paused by not acknowledging.
 */
export class WebSocketReceiver implements Receiver {
  readonly #config: PulsarConfig;
  readonly #spec: ReceiverSpec;
  readonly #inbox: Inbox;
  #socket: Socket | undefined;

  static async open(config: PulsarConfig, spec: ReceiverSpec, inbox: Inbox): Promise<WebSocketReceiver> {
    const receiver = new WebSocketReceiver(config, spec, inbox);
    const url = endpoint(config, 'consumer', spec.subscription, {
      subscriptionType: 'Failover',
      consumerName: spec.consumerName,
      receiverQueueSize: spec.window,
    });
    receiver.#socket = await Socket.open({
      url,
      token: config.token,
      signal: spec.signal,
      onMessage: (text) => receiver.#received(incomingFrame(text)),
      // the server delivers again what it has no acknowledgement for
      onDown: () => undefined,
      onLost: (error) => inbox.lost(error),
    });
    return receiver;
  }

  private constructor(config: PulsarConfig, spec: ReceiverSpec, inbox: Inbox) {
    this.#config = config;
    this.#spec = spec;
    this.#inbox = inbox;
  }

  /** Resolves when the server has dropped the consumer behind the connection, and so knows all acknowledgements. */
  async close(): Promise<void> {
    await this.#socket?.close();
    const patience = AbortSignal.timeout(closeTimeoutMs);
    const admin = new Admin(this.#config, patience);
    try {
      while (!patience.aborted && (await this.#isAttached(admin))) await sleep(lookEveryMs);
    } catch (error) {
      // there is nobody to drop it, or nothing to be dropped from
      if (!(error instanceof UserError) && !patience.aborted) throw error;
    }
  }

  async #isAttached(admin: Admin): Promise<boolean> {
    const { subscription, partitions, consumerName } = this.#spec;
    for (let partition = 0; partition < partitions; partition += 1) {
      if ((await admin.consumers(subscription, partition)).includes(consumerName)) return true;
    }
    return false;
  }

  #received(frame: IncomingFrame): void {
    const socket = this.#socket;
    // the first may come before the opening has resolved
    if (socket === undefined) queueMicrotask(() => this.#received(frame));
    else this.#inbox.receive(new WebSocketDelivery(socket, frame));
  }
}

class WebSocketDelivery implements Delivery {
  readonly payload: Buffer;
  readonly redelivered: boolean;
  readonly headers: Headers | undefined;
  readonly #socket: Socket;
  readonly #messageId: string;
  readonly #connection: number;

  constructor(socket: Socket, { messageId, payload, redelivered, headers }: IncomingFrame) {
    this.#socket = socket;
    this.#messageId = messageId;
    this.#connection = socket.connection;
    this.payload = payload;
    this.redelivered = redelivered;
    this.headers = headers;
  }

  get isStale(): boolean {
    return !this.#socket.isUp || this.#socket.connection !== this.#connection;
  }

  acknowledge(): void {
    if (!this.isStale) this.#socket.send(JSON.stringify({ messageId: this.#messageId }));
  }
}
