import { UserError } from '../../user-error.ts';
import type { KafkaConfig } from './config.ts';
import type { ClientFailure } from './client.ts';
import { notAuthorised } from './topic-errors.ts';
import { unreachable } from './unreachable.ts';

/** TOPIC_, GROUP_ and CLUSTER_AUTHORIZATION_FAILED: https://kafka.apache.org/protocol#protocol_error_codes */
const authorisationCodes: ReadonlySet<number> = new Set([29, 30, 31]);

export function isForbidden(codes: readonly number[]): boolean {
  return codes.some((code) => authorisationCodes.has(code));
}

/**
 * What a client's failure comes to, for a person: the user may not, the broker said no, or it is gone. A bug is
 * returned as it is.
 * @param what was to be done: `create topic orders`
 */
export function refusal(
  what: string,
  error: unknown,
  failure: ClientFailure | undefined,
  config: KafkaConfig,
): unknown {
  if (failure === undefined || error instanceof UserError) return error;
  if (isForbidden(failure.codes)) return notAuthorised(what, error);
  if (failure.codes.length === 0) return unreachable(config, error);
  return new UserError(`kafka at ${config.brokers.join(', ')} refused to ${what}: ${failure.message}`, {
    code: 'kafka.refused',
    exitCode: 3,
    hint: 'look into the log of the broker',
    cause: error,
  });
}
