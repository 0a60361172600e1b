import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { awsOptions, consumeQueue, sendBatches } from './aws.ts';
import { readSetting, Stopwatch } from './setting.ts';

/** The AWS SDK as its examples use SNS before a queue: PublishBatch, raw delivery, and as raw-sqs from there on. */
const { connection, topic, messages, sizeBytes } = readSetting();
const name = topic.replaceAll('.', '_');
const sqs = new SQS({ ...awsOptions(connection), useQueueUrlAsEndpoint: false });
const sns = new SNS(awsOptions(connection));
const { TopicArn } = await sns.createTopic({ Name: name });
const { QueueUrl } = await sqs.createQueue({ QueueName: name });
const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['QueueArn'] });
const Endpoint = Attributes?.['QueueArn'];
await sns.subscribe({ TopicArn, Protocol: 'sqs', Endpoint, Attributes: { RawMessageDelivery: 'true' } });

const payload = Buffer.alloc(sizeBytes, 97);
const attributes = { _payload: { DataType: 'Binary', BinaryValue: payload } };
const watch = new Stopwatch();
const receiving = consumeQueue(sqs, String(QueueUrl), messages);
await sendBatches(messages, async (batch, first) => {
  const { Failed } = await sns.publishBatch({
    TopicArn,
    PublishBatchRequestEntries: batch.map((index) => ({
      Id: String(index - first),
      Message: '-',
      MessageAttributes: attributes,
    })),
  });
  if (Failed !== undefined && Failed.length > 0) throw new Error(JSON.stringify(Failed));
});
watch.published();
watch.tell(messages, await receiving);
await sns.deleteTopic({ TopicArn });
await sqs.deleteQueue({ QueueUrl });
sqs.destroy();
sns.destroy();
