import { z } from 'zod';

const broker = z
  .string()
  .regex(/^\S+:\d+$/, 'expected host:port')
  .describe('host:port of a broker to start from');

/** `{}` is a broker on Kafka's usual port of 127.0.0.1, spoken to with the default client. */
export const kafkaConfigSchema = z.strictObject({
  brokers: z.array(broker).min(1).default(['127.0.0.1:9092']),
  client: z
    .enum(['platformatic', 'kafkajs'])
    .default('platformatic')
    .describe('the npm package that speaks to the broker: @platformatic/kafka or kafkajs'),
  clientId: z.string().regex(/^\S+$/, 'expected no blanks').default('mqbench'),
  tls: z.boolean().default(false),
  sasl: z
    .strictObject({
      mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']),
      username: z.string(),
      password: z.string(),
    })
    .optional(),
  replicationFactor: z
    .int()
    .min(1)
    .optional()
    .describe('copies of each partition; default: 3 for the replicated contracts, else 1'),
});

export type KafkaConfig = z.output<typeof kafkaConfigSchema>;
