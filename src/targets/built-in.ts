import type { Target } from '../scenario/index.ts';

/** A target that needs no mqbench.yaml: the broker that `mqbench up` starts, or the usual port of 127.0.0.1. */
export interface BuiltInTarget extends Target {
  readonly description: string;
  /** name of the broker under src/brokers that serves it; undefined for an embedded one */
  readonly broker: string | undefined;
}

export const BUILT_IN_TARGETS: readonly BuiltInTarget[] = [
  {
    name: 'memory',
    driver: 'memory',
    config: {},
    broker: undefined,
    description: 'the reference broker embedded in mqbench; needs no server',
  },
  {
    name: 'kafka',
    driver: 'kafka',
    config: { client: 'platformatic' },
    broker: 'kafka',
    description: 'Apache Kafka through @platformatic/kafka',
  },
  {
    name: 'kafka-kafkajs',
    driver: 'kafka',
    config: { client: 'kafkajs' },
    broker: 'kafka',
    description: 'Apache Kafka through kafkajs',
  },
  {
    name: 'rabbitmq',
    driver: 'rabbitmq',
    config: { queueType: 'quorum' },
    broker: 'rabbitmq',
    description: 'RabbitMQ quorum queues through amqplib',
  },
  {
    name: 'rabbitmq-classic',
    driver: 'rabbitmq',
    config: { queueType: 'classic' },
    broker: 'rabbitmq',
    description: 'RabbitMQ classic queues through amqplib',
  },
  {
    name: 'rabbitmq-stream',
    driver: 'rabbitmq',
    config: { queueType: 'stream' },
    broker: 'rabbitmq',
    description: 'RabbitMQ streams through amqplib',
  },
  {
    name: 'pulsar',
    driver: 'pulsar',
    config: { client: 'native' },
    broker: 'pulsar',
    description: 'Apache Pulsar through pulsar-client',
  },
  {
    name: 'pulsar-websocket',
    driver: 'pulsar',
    config: { client: 'websocket' },
    broker: 'pulsar',
    description: 'Apache Pulsar through its WebSocket API',
  },
  {
    name: 'nats',
    driver: 'nats',
    config: { ordering: 'none' },
    broker: 'nats',
    description: 'NATS JetStream, one pull consumer a subscription, in no order',
  },
  {
    name: 'nats-ordered',
    driver: 'nats',
    config: { ordering: 'partition' },
    broker: 'nats',
    description: 'NATS JetStream, one pull consumer a partition with one message at a time, in order',
  },
  {
    name: 'redis',
    driver: 'redis',
    config: {},
    broker: 'redis',
    description: 'Redis Streams through redis (node-redis)',
  },
  {
    name: 'sqs',
    driver: 'sqs',
    config: {},
    broker: undefined,
    description: 'SQS standard queues, emulated by fauxqs inside mqbench',
  },
  {
    name: 'sqs-fifo',
    driver: 'sqs',
    config: { fifo: true },
    broker: undefined,
    description: 'SQS FIFO queues, emulated by fauxqs inside mqbench',
  },
  {
    name: 'sqs-elasticmq',
    driver: 'sqs',
    config: {},
    broker: 'elasticmq',
    description: 'SQS standard queues, emulated by ElasticMQ',
  },
  {
    name: 'sqs-fifo-elasticmq',
    driver: 'sqs',
    config: { fifo: true },
    broker: 'elasticmq',
    description: 'SQS FIFO queues, emulated by ElasticMQ',
  },
  {
    name: 'sns',
    driver: 'sns',
    config: {},
    broker: undefined,
    description: 'SNS topics before SQS queues, emulated by fauxqs inside mqbench',
  },
];
