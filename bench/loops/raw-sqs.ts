import { SQS } from '@aws-sdk/client-sqs';
import { awsOptions, consumeQueue, fifoOf, sendBatches } from './aws.ts';
import { readSetting, Stopwatch } from './setting.ts';

/** The AWS SDK as its examples use SQS: batches of ten, long polling, what was received deleted in batches. */
const { connection, topic, messages, sizeBytes } = readSetting();
const kind = connection['fifo'] === true ? 'fifo' : 'standard';
const sqs = new SQS({ ...awsOptions(connection), useQueueUrlAsEndpoint: false });
const { QueueUrl } = await sqs.createQueue({
  QueueName: `${topic.replaceAll('.', '_')}${kind === 'fifo' ? '.fifo' : ''}`,
  ...(kind === 'fifo' ? { Attributes: { FifoQueue: 'true' } } : {}),
});

const payload = Buffer.alloc(sizeBytes, 97);
const attributes = { _payload: { DataType: 'Binary', BinaryValue: payload } };
const watch = new Stopwatch();
const receiving = consumeQueue(sqs, String(QueueUrl), messages);
await sendBatches(messages, async (batch, first) => {
  const { Failed } = await sqs.sendMessageBatch({
    QueueUrl,
    Entries: batch.map((index) => ({
      Id: String(index - first),
      MessageBody: '-',
      MessageAttributes: attributes,
      ...fifoOf(kind, index),
    })),
  });
  if (Failed !== undefined && Failed.length > 0) throw new Error(JSON.stringify(Failed));
});
watch.published();
watch.tell(messages, await receiving);
await sqs.deleteQueue({ QueueUrl });
sqs.destroy();
