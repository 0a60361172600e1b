import type { ServerInfo } from '../driver.ts';
import { UserError } from '../../user-error.ts';
import type { AwsConfig } from './config.ts';
import { type Destination, usageError } from './failure.ts';
import { within } from '../within.ts';
import { placeOf } from './place.ts';
import type { RequestWatch } from './watch.ts';

/** Of the first request, with what credentials take. */
const CONNECT_WITHIN_MS = 8_000;

/** @throws UserError for a target that is the emulator inside mqbench, where nothing has started that */
export function requirePlace(config: AwsConfig, driver: string): void {
  if (placeOf(config) !== 'embedded') return;
  throw new UserError(`${driver} without an endpoint is the emulator inside mqbench, which is not running`, {
    code: 'driver.unreachable',
    exitCode: 3,
    hint: 'give the target an endpoint: of an emulator, or a region: of AWS',
  });
}

/**
 * The first request of a driver: whether there is a server, and whether it lets us in.
 * @throws UserError (exit code 3) where not
 */
export async function firstAnswer(
  to: Destination,
  signal: AbortSignal,
  ask: (options: { readonly abortSignal: AbortSignal }) => Promise<unknown>,
): Promise<void> {
  const patience = new AbortController();
  const abortSignal = AbortSignal.any([signal, patience.signal]);
  try {
    // the SDK heeds the signal from the moment on at which it has credentials: a `credential_process` may hang
    await within(CONNECT_WITHIN_MS, ask({ abortSignal }), 'credentials and the first request');
  } catch (error) {
    if (signal.aborted) throw error;
    throw usageError(error, to) ?? error;
  } finally {
    patience.abort();
  }
}

export function destinationOf({ endpoint, region }: AwsConfig, service: string): Destination {
  const how =
    service === 'SNS'
      ? 'start LocalStack with: docker compose --profile localstack up'
      : 'start one with: npx mqbench up elasticmq';
  const start = `${how}; or leave the endpoint out: mqbench has its own`;
  return { service, endpoint, region, start };
}

/** By the headers of an answer: emulators sign their own. */
export function serverInfo(config: AwsConfig, service: string, watch: RequestWatch): ServerInfo {
  if (placeOf(config) === 'aws') {
    // the version is that of the API; three is the number of zones that AWS documents for a region
    const version = service === 'SNS' ? '2010-03-31' : '2012-11-05';
    return { address: config.region, product: `AWS ${service}`, version, nodes: 3, emulated: false };
  }
  const version = config.emulatorVersion ?? 'unknown';
  const product = emulatorOf(watch.headers, service);
  return { address: config.endpoint, product, version, nodes: 1, emulated: true };
}

function emulatorOf(headers: RequestWatch['headers'], service: string): string {
  if (headers['x-amz-id-2'] === 'fauxqs') return 'fauxqs';
  if ('x-localstack' in headers) return 'LocalStack';
  if (headers['server']?.startsWith('pekko-http') === true) return 'ElasticMQ';
  return `${service} emulator`;
}
