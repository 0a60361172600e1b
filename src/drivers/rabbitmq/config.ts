import { z } from 'zod';
import { parseEndpoint } from './endpoint.ts';

// neither message quotes the value: it may hold a password
const amqpUrl = z
  .string()
  .refine(
    (url) => parseEndpoint(url) !== undefined,
    'not of the form amqp[s]://user:password@host:port/vhost',
  );
const httpUrl = z
  .string()
  .refine(
    (url) => /^https?:\/\//.test(url) && URL.canParse(url),
    'not of the form http[s]://user:password@host:port',
  );

function oneOrSeveral(url: z.ZodType<string, string>) {
  return z.union([url, z.array(url).min(1)]);
}

export const rabbitmqConfigSchema = z.strictObject({
  url: oneOrSeveral(amqpUrl)
    .default('amqp://guest:guest@127.0.0.1:5672')
    .describe('of the broker; of a cluster, a list of the nodes to connect to, tried in turn'),
  managementUrl: oneOrSeveral(httpUrl)
    .optional()
    .describe('of the management API; default: the host and the login of each url, port 15672'),
  queueType: z.enum(['quorum', 'classic', 'stream']).default('quorum'),
  heartbeatSeconds: z
    .number()
    .int()
    .min(2)
    .max(600)
    .default(10)
    .describe('a connection that is silent for two to three times as long is given up'),
  maxMessageBytes: z
    .number()
    .int()
    .positive()
    .optional()
    .describe(
      'larger messages are refused before they are sent; default: max_message_size of the server version',
    ),
});

export type RabbitmqConfig = z.output<typeof rabbitmqConfigSchema>;
export type QueueType = RabbitmqConfig['queueType'];
