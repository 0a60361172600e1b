import { z } from 'zod';

export const redisConfigSchema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: z.number().int().min(1).max(65_535).default(6379),
  username: z.string().optional(),
  password: z.string().optional(),
  tls: z.boolean().default(false),
  appendfsync: z
    .enum(['leave', 'set'])
    .default('leave')
    .describe(
      "set: the driver may change the server's appendfsync to what the contract takes, for as long as the " +
        'topology exists; leave: a contract that the server is not configured for is refused',
    ),
});

export type RedisConfig = z.output<typeof redisConfigSchema>;

/** `host:port`, for people */
export function addressOf({ host, port }: RedisConfig): string {
  return `${host}:${port}`;
}
