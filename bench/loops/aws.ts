import type { SQS } from '@aws-sdk/client-sqs';

/** As the driver has them (src/drivers/aws/config.ts): requests under way, and entries of one. */
const SENDS = 16;
const RECEIVES = 8;
const BATCH = 10;
const KEYS = 10_000;

export function awsOptions(connection: Readonly<Record<string, unknown>>) {
  return {
    region: 'us-east-1',
    endpoint: String(connection['endpoint']),
    credentials: { accessKeyId: 'mqbench', secretAccessKey: 'mqbench' },
    maxAttempts: 1,
    requestHandler: { httpAgent: { keepAlive: true, maxSockets: 256 } },
  };
}

/**
 * Sends so many messages in batches of ten, as many at once as the driver. The messages of a key stay in order on
 * FIFO: batch n has keys that no batch under way has.
 */
export async function sendBatches(
  messages: number,
  send: (batch: readonly number[], first: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const sendOneByOne = async (): Promise<void> => {
    while (next < messages) {
      const first = next;
      next += BATCH;
      const count = Math.min(BATCH, messages - first);
      await send(
        Array.from({ length: count }, (_, index) => first + index),
        first,
      );
    }
  };
  await Promise.all(Array.from({ length: SENDS }, sendOneByOne));
}

/** What a FIFO queue wants of message number `index` beside its content. */
export function fifoOf(kind: 'fifo' | 'standard', index: number) {
  if (kind === 'standard') return {};
  return { MessageGroupId: `key-${index % KEYS}`, MessageDeduplicationId: String(index) };
}

/** Receives and deletes until so many have come; resolves with their number as the last of them is here. */
export async function consumeQueue(sqs: SQS, QueueUrl: string, messages: number): Promise<number> {
  let received = 0;
  const ended = new AbortController();
  const receiveOneByOne = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      const { Messages = [] } = await sqs.receiveMessage(
        {
          QueueUrl,
          MaxNumberOfMessages: BATCH,
          WaitTimeSeconds: 1,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['ApproximateReceiveCount', 'MessageGroupId'],
        },
        { abortSignal: ended.signal },
      );
      if (Messages.length === 0) continue;
      received += Messages.length;
      await sqs.deleteMessageBatch({
        QueueUrl,
        Entries: Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
      });
      // the others wait up to a second for what will not come
      if (received >= messages) ended.abort();
    }
  };
  const untilEnded = (error: unknown): void => {
    if (!ended.signal.aborted) throw error;
  };
  await Promise.all(Array.from({ length: RECEIVES }, () => receiveOneByOne().catch(untilEnded)));
  return received;
}
