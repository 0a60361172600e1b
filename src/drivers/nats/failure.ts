import { UserError } from '../../user-error.ts';
import { SendError } from '../errors.ts';
import type { Endpoint } from './endpoint.ts';
import { NoGreeting } from './greeting.ts';

/** What is asked for is not on the broker (any more): trying again would not help. */
export class Gone extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Gone';
  }
}

const GRANTS =
  'grant the user publish to mqbench.>, $JS.API.> and $JS.ACK.>, and subscribe to _INBOX.>, or name another user in the url';

/** A subject that the user may not use, as the server says it. */
export interface Violation {
  readonly operation: string;
  readonly subject: string;
}

/** What the server said of the user's permissions; the client wraps it: RequestError caused by it. */
export function violationOf(error: unknown): Violation | undefined {
  if (!(error instanceof Error)) return undefined;
  if (nameOf(error) !== 'PermissionViolationError') return violationOf(error.cause);
  const { operation, subject }: Partial<Violation> = error as Partial<Violation>;
  return operation === undefined || subject === undefined ? undefined : { operation, subject };
}

/** The user of the target may not do it. */
export function notAuthorised(address: string, { operation, subject }: Violation, cause: unknown): UserError {
  const what = operation === 'subscription' ? 'subscribe' : operation;
  return new UserError(`NATS at ${address} does not let this user ${what} to ${subject}`, {
    code: 'driver.not-authorised',
    exitCode: 3,
    hint: GRANTS,
    cause,
  });
}

/** What the server's refusal to manage streams and consumers comes to, for a person; a bug stays what it is. */
export function managingFailure(error: unknown, address: string): unknown {
  const violation = violationOf(error);
  if (violation !== undefined) return notAuthorised(address, violation, error);
  if (nameOf(error) === 'JetStreamNotEnabled') {
    return new UserError(`NATS at ${address} has JetStream, but not for this user's account`, {
      code: 'driver.no-jetstream',
      exitCode: 3,
      hint: 'enable it: jetstream: enabled in the account, or name a user of another one in the url',
      cause: error,
    });
  }
  if (nameOf(error) !== 'JetStreamApiError') return error;
  return new UserError(`JetStream of NATS at ${address} refused: ${reasonOf(error)}`, {
    code: 'driver.refused',
    exitCode: 3,
    hint:
      apiErrorCode(error) === SUBJECTS_OVERLAP
        ? 'a stream of somebody else takes the subjects mqbench.>: narrow its subjects'
        : (mendOf(apiErrorCode(error)) ?? 'see the log of the server'),
    cause: error,
  });
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
  if (error instanceof NoGreeting) {
    return new UserError(`what listens at ${address} does not answer as NATS: ${error.message}`, {
      code: 'driver.unreachable',
      exitCode: 3,
      hint: "name NATS's address in the target's url; if it is NATS, it is stopped or overloaded: see its log",
      cause: error,
    });
  }
  const reason = codeOf(error) === 'ECONNREFUSED' ? 'connection refused' : reasonOf(error);
  if (reason.includes("does not support 'tls'")) {
    return new UserError(`NATS at ${address} does not speak TLS`, {
      code: 'driver.tls',
      exitCode: 3,
      hint: 'write nats:// instead of tls:// in the url, or name a server with TLS',
      cause: error,
    });
  }
  if (/certificate|altnames/.test(reason)) {
    return new UserError(`the certificate of NATS at ${address} is not trusted: ${reason.split(';', 1)[0]}`, {
      code: 'driver.tls',
      exitCode: 3,
      hint: 'name the authority that signed it in NODE_EXTRA_CA_CERTS',
      cause: error,
    });
  }
  return new UserError(`no NATS at ${address}: ${reason}`, {
    code: 'driver.unreachable',
    exitCode: 3,
    hint: 'start one with: npx mqbench up nats',
    cause: error,
  });
}

/** JSStreamSubjectOverlapErr */
const SUBJECTS_OVERLAP = 10_065;
/** JetStreamApiError.err_code of a message over the stream's max_msg_size (server/errors.json). */
const MESSAGE_TOO_LARGE = 10_054;
/**
 * JSAccountResourcesExceeded, JSInsufficientResources, JSMemoryResourcesExceeded, JSStorageResourcesExceeded, and
 * JSStreamStoreFailed, which is also what a full disk comes to.
 */
const OUT_OF_STORAGE: ReadonlySet<number> = new Set([10_002, 10_023, 10_028, 10_047, 10_077]);

function mendOf(code: number | undefined): string | undefined {
  if (code === undefined || !OUT_OF_STORAGE.has(code)) return undefined;
  return "make room on the server's disk, or raise max_file_store of its jetstream block";
}

/**
 * What a publish that was not acknowledged came to. Definite is: what the client did not write (`refused` for
 * what it never would), what nobody was there to take, and what the server answered with an error. Anything
 * else, as the end of the connection or of our patience, leaves it open.
 */
export function sendFailure(error: unknown): SendError {
  const reason = reasonOf(error);
  const violation = violationOf(error);
  if (violation !== undefined) return publishingRefused(violation, error);
  switch (nameOf(error)) {
    case 'InvalidArgumentError':
    case 'InvalidSubjectError':
      return new SendError('refused', `refused: ${reason}`, { cause: error });
    case 'JetStreamApiError':
      return answerFailure({ err_code: apiErrorCode(error), description: reason }, error);
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

/** The error in a PubAck, ADR-22. */
export interface PubAckError {
  readonly err_code?: number | undefined;
  readonly description?: string;
}

/** What a publish came to that the server answered with an error instead of a PubAck: it is not stored. */
export function answerFailure(
  { err_code: code, description = 'no reason was given' }: PubAckError,
  cause?: unknown,
): SendError {
  return code === MESSAGE_TOO_LARGE
    ? new SendError('refused', `refused: ${description}`, { cause })
    : new SendError('failed', `not stored: ${description}`, { cause, mend: mendOf(code) });
}

/** The user may not publish the messages. */
export function publishingRefused({ operation, subject }: Violation, cause: unknown): SendError {
  return new SendError('refused', `the user may not ${operation} to ${subject}`, { cause, mend: GRANTS });
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

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : 'no reason was given';
  const code = codeOf(error);
  return error.message.split('\n', 1)[0] || code || error.name;
}
