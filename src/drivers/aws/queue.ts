import { setTimeout as delay } from 'node:timers/promises';
import type { Message } from '@aws-sdk/client-sqs';
import { SendError } from '../errors.ts';
import type { SqsClients } from './clients.ts';
import { isFinal, sendError } from './failure.ts';
import { contentOf, fifoIdentity, receivedMessage } from './message.ts';
import type { Receipt } from './receipts.ts';

/** Between attempts to store a dead letter on a server that is away. */
const BURY_AGAIN_MS = 200;

/** A queue as its consumer uses it. */
export class Queue {
  readonly #clients: SqsClients;
  readonly #url: string;
  readonly #waitSeconds: number;

  constructor(clients: SqsClients, url: string, waitSeconds: number) {
    this.#clients = clients;
    this.#url = url;
    this.#waitSeconds = waitSeconds;
  }

  /** Up to `count` messages, in order; none after `waitSeconds` without any. */
  async receive(count: number): Promise<readonly Message[]> {
    const { Messages = [] } = await this.#clients.idempotent.receiveMessage({
      QueueUrl: this.#url,
      MaxNumberOfMessages: count,
      WaitTimeSeconds: this.#waitSeconds,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['ApproximateReceiveCount', 'MessageGroupId'],
    });
    return Messages;
  }

  async delete(receipts: readonly Receipt[]): Promise<readonly Receipt[]> {
    const { Failed } = await this.#clients.idempotent.deleteMessageBatch({
      QueueUrl: this.#url,
      Entries: receipts.map(({ handle }, index) => ({ Id: String(index), ReceiptHandle: handle })),
    });
    return retriable(receipts, Failed);
  }

  async show(receipts: readonly Receipt[]): Promise<readonly Receipt[]> {
    const { Failed } = await this.#clients.idempotent.changeMessageVisibilityBatch({
      QueueUrl: this.#url,
      Entries: receipts.map(({ handle, seconds }, index) => ({
        Id: String(index),
        ReceiptHandle: handle,
        VisibilityTimeout: seconds,
      })),
    });
    return retriable(receipts, Failed);
  }

  /**
   * Stores a dead letter, however often that takes. On FIFO it bears the id of its message, as one that the
   * broker moves does, so that it is stored once.
   * @returns `left` when ended before
   * @throws SendError where the queue refuses it
   */
  async bury(message: Message, end: AbortSignal): Promise<'buried' | 'left'> {
    const { payload, headers } = receivedMessage(message);
    const noted = { ...headers, 'mqbench-dead-letter-reason': 'rejected' };
    const { body, attributes } = contentOf({ payload, headers: noted });
    const { MessageId: id = '', Attributes } = message;
    const group = Attributes?.MessageGroupId;
    for (;;) {
      try {
        await this.#clients.once.sendMessage({
          QueueUrl: this.#url,
          MessageBody: body,
          MessageAttributes: attributes,
          ...(group === undefined ? {} : fifoIdentity(group, id)),
        });
        return 'buried';
      } catch (error) {
        const failure = sendError(error);
        if (failure.outcome === 'refused' || isFinal(error)) throw new SendError('refused', failure.message);
      }
      try {
        await delay(BURY_AGAIN_MS, undefined, { signal: end });
      } catch {
        // the end has come, and nothing else ends the delay
        return 'left';
      }
    }
  }
}

/** An entry that is our fault has a receipt that is no longer valid: its message is delivered again. */
function retriable(
  receipts: readonly Receipt[],
  failed: readonly { Id: string | undefined; SenderFault: boolean | undefined }[] | undefined,
): readonly Receipt[] {
  return (failed ?? []).flatMap(({ Id, SenderFault }) => {
    const receipt = receipts[Number(Id)];
    return SenderFault === true || receipt === undefined ? [] : [receipt];
  });
}
