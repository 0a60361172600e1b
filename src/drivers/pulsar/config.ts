import { z } from 'zod';

const name = z.string().regex(/^[\w.:=-]+$/, 'expected letters, digits and any of _ . : = -');

/** `{}` is a broker on Pulsar's usual ports of 127.0.0.1, spoken to with the native client. */
export const pulsarConfigSchema = z.strictObject({
  client: z
    .enum(['native', 'websocket'])
    .default('native')
    .describe("npm's pulsar-client, or Pulsar's WebSocket API, which needs nothing native"),
  serviceUrl: z
    .string()
    .regex(/^pulsar(\+ssl)?:\/\/\S+$/, 'expected pulsar://host:port')
    .default('pulsar://127.0.0.1:6650')
    .describe('where the native client finds the brokers'),
  adminUrl: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:8080')
    .describe('the admin REST API, and the WebSocket API beside it'),
  webSocketUrl: z
    .url({ protocol: /^wss?$/ })
    .optional()
    .describe('the WebSocket API, where it is not at the adminUrl'),
  bookieUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("a bookie's HTTP API: there alone can be read whether it calls fsync before it acknowledges"),
  tenant: name.default('public'),
  namespace: name.default('default'),
  token: z.string().min(1).optional().describe('a token to log in with, for all of the above'),
});

export type PulsarConfig = z.output<typeof pulsarConfigSchema>;
