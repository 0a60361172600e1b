import net from 'node:net';
import { addAbortSignal } from 'node:stream';
import tls from 'node:tls';
import kafkajs from 'kafkajs';
import type { ISocketFactoryArgs, Kafka, RetryOptions, SASLOptions } from 'kafkajs';
import type { KafkaConfig } from '../config.ts';
import { connectTimeoutMs, requestTimeoutMs } from '../limits.ts';

const keepAliveMs = 60_000;

/** kafkajs waits longer before each retry, up to `maxRetryTime`, unless the multiplier is 1. */
export function retries(count: number, delayMs: number): RetryOptions {
  return { retries: count, initialRetryTime: delayMs, maxRetryTime: delayMs, multiplier: 1, factor: 0 };
}

/**
 * @param onConnected told of every connection that was made
 * @param signal ends all connections with an error, which kafkajs takes for a failed attempt: for the admin, whose
 * few retries are then over at once, also where a broker accepts and never answers. It is no substitute for
 * Sockets, nor they for it: a member would go on retrying for 20 s, while Sockets let its attempt succeed and
 * then end it; and they end without an error, which kafkajs would not notice (it has no listener for 'close',
 * src/network/connection.js) before the request has timed out.
 */
export function connect(
  config: KafkaConfig,
  retry: RetryOptions,
  onConnected?: (socket: net.Socket) => void,
  signal?: AbortSignal,
): Kafka {
  return new kafkajs.Kafka({
    clientId: config.clientId,
    brokers: [...config.brokers],
    ssl: config.tls,
    ...(config.sasl === undefined ? {} : { sasl: saslOptions(config.sasl) }),
    connectionTimeout: connectTimeoutMs,
    authenticationTimeout: connectTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retry,
    logLevel: kafkajs.logLevel.NOTHING,
    socketFactory: (args) => {
      const socket = openSocket(args, onConnected);
      return signal === undefined ? socket : addAbortSignal(signal, socket);
    },
  });
}

function saslOptions({ mechanism, username, password }: NonNullable<KafkaConfig['sasl']>): SASLOptions {
  return { mechanism, username, password };
}

/**
 * kafkajs leaves Nagle's algorithm on (src/network/socketFactory.js), so that with several requests under way
 * the second waits for the kernel's acknowledgement of the first, up to 40 ms.
 */
function openSocket(
  { host, port, ssl, onConnect }: ISocketFactoryArgs,
  onConnected: ((socket: net.Socket) => void) | undefined,
): net.Socket {
  const servername = net.isIP(host) === 0 ? { servername: host } : {};
  const isTls = Boolean(ssl);
  const socket = isTls ? tls.connect({ host, port, ...servername, ...ssl }) : net.connect({ host, port });
  socket.once(isTls ? 'secureConnect' : 'connect', () => {
    onConnected?.(socket);
    onConnect();
  });
  socket.setNoDelay(true);
  socket.setKeepAlive(true, keepAliveMs);
  return socket;
}
