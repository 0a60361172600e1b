import { UserError } from '../../user-error.ts';
import { SendError } from '../errors.ts';
import type { Endpoint } from './endpoint.ts';

/** What is asked for is not on the broker (any more): trying again would not help. */
export class Gone extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Gone';
  }
}

/** Why there is no connection, for a person. Holds no password: the client puts none in an error. */
export function connectFailure(error: unknown, { address }: Endpoint): UserError {
  if (nameOf(error) === 'AuthorizationError' || nameOf(error) === 'UserAuthenticationExpiredError') {
    return new UserError(`NATS at ${address} refused the login`, {
      code: 'driver.login-refused',
      exitCode: 3,
      hint: "check the user and the password, or the token, in the target's url",
      cause: error,
    });
  }
  return new UserError(`no NATS at ${address}: ${reasonOf(error)}`, {
    code: 'driver.unreachable',
    exitCode: 3,
    hint: 'start one with: npx mqbench up nats',
    cause: error,
  });
}

/** JetStreamApiError.err_code of a message over the stream's max_msg_size (server/errors.json). */
const MESSAGE_TOO_LARGE = 10_054;

/**
 * What a publish that was not acknowledged came to. Definite is: what the client did not write (`refused` for
 * what it never would), what nobody was there to take, and what the server answered with an error. Anything
 * else, as the end of the connection or of our patience, leaves it open.
 */
export function sendFailure(error: unknown): SendError {
  const reason = reasonOf(error);
  switch (nameOf(error)) {
    case 'InvalidArgumentError':
    case 'InvalidSubjectError':
    case 'PermissionViolationError':
      return new SendError('refused', `refused: ${reason}`, { cause: error });
    case 'JetStreamApiError':
      return apiErrorCode(error) === MESSAGE_TOO_LARGE
        ? new SendError('refused', `refused: ${reason}`, { cause: error })
        : new SendError('failed', `not stored: ${reason}`, { cause: error });
    case 'JetStreamNotEnabled':
    case 'NoResponders':
    case 'ClosedConnectionError':
    case 'DrainingConnectionError':
      return new SendError('failed', `not stored: ${reason}`, { cause: error });
    default:
      if (isNoResponders(error))
        return new SendError('failed', `not stored: no stream took it`, { cause: error });
      return new SendError('unknown', `no acknowledgement: ${reason}`, { cause: error });
  }
}

/** What a publish came to that the server answered with an error instead of a PubAck: it is not stored. */
export function answerFailure({
  err_code: code,
  description = 'no reason was given',
}: {
  readonly err_code?: number;
  readonly description?: string;
}): SendError {
  return code === MESSAGE_TOO_LARGE
    ? new SendError('refused', `refused: ${description}`)
    : new SendError('failed', `not stored: ${description}`);
}

/** A stream or a consumer is not there. */
export function isGone(error: unknown): boolean {
  return ['StreamNotFoundError', 'ConsumerNotFoundError'].includes(nameOf(error));
}

/** the client wraps it: RequestError caused by NoResponders */
function isNoResponders(error: unknown): boolean {
  return error instanceof Error && nameOf(error.cause) === 'NoResponders';
}

function apiErrorCode(error: unknown): number | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : undefined;
}

/** The classes themselves come with the client, which is loaded late. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : 'no reason was given';
  const code = 'code' in error ? String(error.code) : '';
  return error.message.split('\n', 1)[0] || code || error.name;
}
