import net from 'node:net';
import type { BaseOptions } from '@platformatic/kafka';
import type { KafkaConfig } from '../config.ts';
import { connectTimeoutMs, requestTimeoutMs } from '../limits.ts';

const mechanisms = {
  plain: 'PLAIN',
  'scram-sha-256': 'SCRAM-SHA-256',
  'scram-sha-512': 'SCRAM-SHA-512',
} as const;

/** What all clients have in common. A topic's metadata is renewed after an error, not by the clock. */
export function baseOptions(config: KafkaConfig): BaseOptions {
  const { sasl } = config;
  return {
    clientId: config.clientId,
    bootstrapBrokers: [...config.brokers],
    connectTimeout: connectTimeoutMs,
    requestTimeout: requestTimeoutMs,
    timeout: requestTimeoutMs,
    retries: 0,
    metadataMaxAge: 5 * 60_000,
    autocreateTopics: false,
    ...(config.tls ? { tls: {}, tlsServerName: config.brokers.every(isNamed) } : {}),
    ...(sasl === undefined
      ? {}
      : {
          sasl: {
            mechanism: mechanisms[sasl.mechanism],
            username: sasl.username,
            password: sasl.password,
          },
        }),
  };
}

/** An IP address is not allowed as a TLS server name. */
function isNamed(broker: string): boolean {
  return net.isIP(broker.slice(0, broker.lastIndexOf(':'))) === 0;
}
