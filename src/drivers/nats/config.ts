import { z } from 'zod';
import { parseEndpoint } from './endpoint.ts';

// neither message quotes the value: it may hold a password
const natsUrl = z
  .string()
  .refine(
    (url) => parseEndpoint(url) !== undefined,
    'not of the form nats://user:password@host:port, or several of them with commas',
  );
const httpUrl = z
  .string()
  .refine((url) => /^https?:\/\//.test(url) && URL.canParse(url), 'not of the form http[s]://host:port');

export const natsConfigSchema = z.strictObject({
  url: natsUrl.default('nats://127.0.0.1:4222'),
  monitorUrls: z
    .array(httpUrl)
    .optional()
    .describe(
      'of the monitoring port of each server, which alone tells sync_interval; default: the hosts of the url, port 8222',
    ),
  ordering: z
    .enum(['none', 'partition'])
    .default('none')
    .describe(
      'none: one pull consumer a subscription; partition: one a partition, with max_ack_pending 1, so that a message is settled before the next is delivered',
    ),
  ackWaitMs: z
    .number()
    .int()
    .min(1_000)
    .max(600_000)
    .default(10_000)
    .describe('ack_wait: when a message that was lost with its consumer is delivered again'),
  duplicateWindowSeconds: z
    .number()
    .int()
    .min(1)
    .max(86_400)
    .default(120)
    .describe('duplicate_window: how long a stream remembers the ids of messages'),
});

export type NatsConfig = z.output<typeof natsConfigSchema>;
