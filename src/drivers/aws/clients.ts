import { readFile } from 'node:fs/promises';
import type { SQS } from '@aws-sdk/client-sqs';
import type { ClientInfo } from '../driver.ts';
import type { AwsConfig } from './config.ts';
import { placeOf } from './place.ts';
import type { RequestWatch } from './watch.ts';
import { withWholeBody } from './whole-answer.ts';

const CONNECT_TIMEOUT_MS = 3_000;
/** What a send has not been answered by then is unknown. */
const SEND_TIMEOUT_MS = 8_000;
const MAX_SOCKETS = 256;

/**
 * `once`: no retry by the SDK, since a request that timed out may have been carried out, and a standard queue
 * would store its messages twice without anybody knowing. `idempotent`: the SDK's own three attempts, for what
 * changes nothing by being done twice.
 */
export type Attempts = 'once' | 'idempotent';

export interface SqsClients {
  readonly once: SQS;
  readonly idempotent: SQS;
  destroy(): void;
}

/** Two clients of SQS, whose every request the watch sees. The library is loaded when it is used. */
export async function sqsClients(config: AwsConfig, watch: RequestWatch): Promise<SqsClients> {
  const { SQS } = await import('@aws-sdk/client-sqs');
  const create = (attempts: Attempts): SQS => {
    const client = new SQS({
      ...clientOptions(config, attempts),
      // a check of the body, which is one character; what is in the payload the ledger compares
      md5: false,
      // an emulator's URLs name hosts that nobody resolves; AWS's own name the endpoint that is used anyway
      useQueueUrlAsEndpoint: false,
    });
    client.config.signer = madeOnce(client.config.signer);
    addMiddleware(client.middlewareStack, watch);
    return client;
  };
  const [once, idempotent] = [create('once'), create('idempotent')];
  return {
    once,
    idempotent,
    destroy: () => {
      once.destroy();
      idempotent.destroy();
    },
  };
}

/** What clients of SQS and of SNS do alike in each request. */
export function addMiddleware(stack: Pick<SQS['middlewareStack'], 'add'>, watch: RequestWatch): void {
  stack.add(
    (next, context) => (args) => watch.attempt(context['commandName'], args.request, () => next(args)),
    // inside of the SDK's retries, outside of its reading of the answer
    { step: 'deserialize', priority: 'high', name: 'mqbenchWatch' },
  );
  stack.add((next) => async (args) => withWholeBody(await next(args)), {
    step: 'deserialize',
    // inside of its reading
    priority: 'low',
    name: 'mqbenchWholeBody',
  });
}

/** What clients of SQS and of SNS are created with. */
export function clientOptions(config: AwsConfig, attempts: Attempts) {
  const sockets = { keepAlive: true, maxSockets: MAX_SOCKETS };
  return {
    region: config.region ?? 'us-east-1',
    ...(config.endpoint === undefined ? {} : { endpoint: config.endpoint }),
    // put together once and not for each request, with the signer a sixth of the CPU time of one (docs/aws.md)
    cacheMiddleware: true,
    maxAttempts: attempts === 'once' ? 1 : 3,
    ...credentials(config),
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: SEND_TIMEOUT_MS + (attempts === 'once' ? 0 : config.waitSeconds * 1000),
      throwOnRequestTimeout: true,
      httpAgent: sockets,
      httpsAgent: sockets,
    },
  };
}

/**
 * The SDK makes a signer for each request, and all of them are alike: region and service are those of the client,
 * and a signer asks for the credentials each time it signs, so that they may change.
 */
export function madeOnce<T, S>(make: (scheme?: T) => Promise<S>): (scheme?: T) => Promise<S> {
  let signer: Promise<S> | undefined;
  return (scheme) => (signer ??= make(scheme));
}

/** An emulator takes anything: real credentials are kept from it. */
function credentials(config: AwsConfig) {
  if (placeOf(config) !== 'aws')
    return { credentials: { accessKeyId: 'mqbench', secretAccessKey: 'mqbench' } };
  return config.profile === undefined ? {} : { profile: config.profile };
}

/** @param library `@aws-sdk/client-sqs` */
export async function clientInfo(library: string): Promise<ClientInfo> {
  const { version } = JSON.parse(await readFile(packageFile(library), 'utf8')) as { version: string };
  return { name: library, version, transport: 'HTTP' };
}

/** The main file is dist-cjs/index.js or dist-es/index.js; package.json is not exported. */
function packageFile(library: string): URL {
  return new URL('../package.json', import.meta.resolve(library));
}
