import type { OutgoingMessage } from '../../driver.ts';
import { SendError, type SendOutcome } from '../../errors.ts';
import type { Sender } from '../client.ts';
import type { PulsarConfig } from '../config.ts';
import { sendTimeoutMs, webSocketSendWindow } from '../limits.ts';
import { endpoint, outgoingFrame, receiptIn, type Receipt } from './frame.ts';
import { Socket } from './socket.ts';

/** Over the server's own timeout, whose answer says more. */
const answerTimeoutMs = sendTimeoutMs + 1000;
const lookEveryMs = 500;

interface Pending {
  readonly message: OutgoingMessage;
  readonly sentAtMs: number;
  readonly resolve: () => void;
  readonly reject: (error: SendError) => void;
}

/** Has at most 1,000 messages without a receipt; further ones wait here. */
export class WebSocketSender implements Sender {
  /** by context, in the order in which they were written */
  readonly #written = new Map<string, Pending>();
  readonly #waiting: Pending[] = [];
  readonly #timer: NodeJS.Timeout;
  #socket: Socket | undefined;
  #contexts = 0;
  #isClosed = false;

  static async open(config: PulsarConfig, topic: string, signal: AbortSignal): Promise<WebSocketSender> {
    const sender = new WebSocketSender();
    const url = endpoint(
      config,
      'producer',
      { topic },
      {
        sendTimeoutMillis: sendTimeoutMs,
        hashingScheme: 'Murmur3_32Hash',
        messageRoutingMode: 'RoundRobinPartition',
        maxPendingMessages: webSocketSendWindow,
      },
    );
    try {
      sender.#socket = await Socket.open({
        url,
        token: config.token,
        signal,
        onMessage: (text) => sender.#answered(receiptIn(text)),
        onDown: (reason) => sender.#settleAll(reason),
        onLost: () => undefined,
      });
    } catch (error) {
      await sender.close();
      throw error;
    }
    return sender;
  }

  private constructor() {
    this.#timer = setInterval(() => this.#expire(), lookEveryMs);
  }

  send(message: OutgoingMessage): Promise<void> {
    if (this.#isClosed || this.#socket?.isUp !== true) {
      return Promise.reject(new SendError('failed', 'no connection to the broker'));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ message, sentAtMs: performance.now(), resolve, reject });
      this.#write();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#socket?.close();
    clearInterval(this.#timer);
    this.#settleAll('the producer was closed');
  }

  #write(): void {
    while (this.#written.size < webSocketSendWindow && this.#socket?.isUp === true) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      const context = String((this.#contexts += 1));
      this.#written.set(context, next);
      this.#socket.send(outgoingFrame(next.message, context));
    }
  }

  #answered(receipt: Receipt): void {
    const context = receipt.context ?? '';
    const pending = this.#written.get(context);
    // its outcome was decided by the timeout
    if (pending === undefined) return;
    this.#written.delete(context);
    if (receipt.result === 'ok') pending.resolve();
    else {
      const reason = receipt.errorMsg ?? receipt.result;
      pending.reject(new SendError(outcomeOf(reason), reason));
    }
    this.#write();
  }

  #expire(): void {
    const beforeMs = performance.now() - answerTimeoutMs;
    for (const [context, pending] of this.#written) {
      if (pending.sentAtMs > beforeMs) break;
      this.#written.delete(context);
      pending.reject(new SendError('unknown', `not acknowledged within ${answerTimeoutMs} ms`));
    }
    this.#write();
  }

  #settleAll(reason: string): void {
    const written = [...this.#written.values()];
    const waiting = this.#waiting.splice(0);
    this.#written.clear();
    for (const { reject } of written) reject(new SendError('unknown', `no receipt: ${reason}`));
    for (const { reject } of waiting) reject(new SendError('failed', `not sent: ${reason}`));
  }
}

/** What the servlet, or the Java client behind it, says of a message. */
export function outcomeOf(reason: string): SendOutcome {
  if (/message (size|payload)|InvalidMessage|Invalid Base64|not authorized|is terminated/i.test(reason))
    return 'refused';
  // its queue is looked at before anything is written
  if (/queue is full|ProducerQueueIsFull|MemoryBufferIsFull/i.test(reason)) return 'failed';
  return 'unknown';
}
